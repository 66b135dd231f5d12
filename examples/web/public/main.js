import { call } from "./api.js";
import { byId, el, told } from "./dom.js";
import { enter, show, startRouter } from "./router.js";
import { speak, speaks, t } from "./texts.js";
import { leave } from "./views/leave.js";
import { password } from "./views/password.js";
import { profile } from "./views/profile.js";
import { providers } from "./views/providers.js";
import { reset } from "./views/reset.js";
import { sessions } from "./views/sessions.js";
import { signIn } from "./views/sign-in.js";
import { signUp } from "./views/sign-up.js";
import { welcome } from "./views/welcome.js";

startRouter(
  {
    "/": { for: "nobody", title: "welcome.title", view: welcome },
    "/signin": { for: "guest", title: "signin.title", view: signIn },
    "/signup": { for: "guest", title: "signup.title", view: signUp },
    "/reset": { for: "guest", title: "reset.title", view: reset },
    "/profile": { for: "user", title: "profile.title", view: profile },
    "/password": { for: "person", title: "password.title", view: password },
    "/providers": { for: "person", title: "providers.title", view: providers },
    "/sessions": { for: "user", title: "sessions.title", view: sessions },
    "/leave": { for: "person", title: "leave.title", view: leave },
  },
  showFrame,
);

/** The bar above and the line below every view. @param {import("./router.js").Me} me */
function showFrame(me) {
  document.documentElement.lang = speaks() === "zh" ? "zh-CN" : "en";
  const skip = document.querySelector(".skip");
  if (skip) skip.textContent = t("nav.skip");
  const who = me && (me.user.isAnonymous ? t("nav.anonymous") : (me.user.name ?? me.profile?.username ?? me.user.id));
  byId("bar-end").replaceChildren(
    ...(who === undefined ? [] : [el("span", { class: "who" }, who), signOutButton()]),
    languageSwitch(),
  );
  byId("foot").textContent = t("foot", { framework: told("framework") });
}

function signOutButton() {
  return el("button", { type: "button", class: "quiet", onclick: () => void signOut() }, t("nav.signout"));
}

async function signOut() {
  const { ok } = await call("POST", "/auth/signout");
  if (ok) return enter("/signin", t("signout.done"));
  byId("notice").textContent = t("signout.failed");
}

function languageSwitch() {
  const isChinese = speaks() === "zh";
  const button = el(
    "button",
    { type: "button", class: "quiet", lang: isChinese ? "en" : "zh-CN", id: "language", onclick: () => void change() },
    isChinese ? "English" : "中文",
  );
  async function change() {
    speak(isChinese ? "en" : "zh");
    await show();
    byId("language").focus();
  }
  return button;
}
