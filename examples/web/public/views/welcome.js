import { call } from "../api.js";
import { el } from "../dom.js";
import { createAction } from "../form.js";
import { createGuestView } from "../guest.js";
import { enter } from "../router.js";
import { createHeading } from "../steps.js";
import { t } from "../texts.js";

export function welcome() {
  const lookAround = createAction({
    label: t("welcome.anonymous"),
    send: () => call("POST", "/auth/anonymous"),
    done: () => enter("/profile", t("welcome.isAnonymous")),
    explain: { not_enabled: t("welcome.noAnonymous") },
  });
  return createGuestView(
    createHeading(t("welcome.title"), t("welcome.lead")),
    el(
      "div",
      { class: "ways" },
      el("a", { class: "button primary", href: "/signin" }, t("signin.submit")),
      el("a", { class: "button", href: "/signup" }, t("signup.title")),
      lookAround,
    ),
  );
}
