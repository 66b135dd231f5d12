import { parseLogin } from "../address.js";
import { call } from "../api.js";
import { createCodeSteps } from "../code-steps.js";
import { el } from "../dom.js";
import { createAction, createForm, createLink, createSwitch } from "../form.js";
import { createGuestView, createProviderLinks } from "../guest.js";
import { enter } from "../router.js";
import { createHeading, createSteps } from "../steps.js";
import { t } from "../texts.js";

export function signIn() {
  const steps = createSteps();
  const others = el(
    "div",
    {},
    createProviderLinks(),
    el("p", { class: "after" }, createLink("/signup", t("signin.new"))),
  );
  const arrive = () => enter("/profile", t("signin.done"));

  function byPassword() {
    const form = createForm({
      fields: [
        { name: "username", label: t("signin.username"), autocomplete: "username" },
        { name: "password", label: t("password.label"), type: "password", autocomplete: "current-password" },
      ],
      submit: t("signin.submit"),
      send: ({ username, password }) => call("POST", "/auth/signin", { username: parseLogin(username), password }),
      done: arrive,
      explain: { invalid_credentials: ["password", t("signin.wrong")], user_state: ["username", t("signin.blocked")] },
      emptied: ["password"],
    });
    steps.show(
      form,
      el("div", { class: "row" }, createSwitch(t("signin.byCode"), byCode), createLink("/reset", t("signin.forgot"))),
    );
  }

  function byCode() {
    const back = () => el("div", { class: "row" }, createSwitch(t("signin.byPassword"), byPassword));
    steps.show(createCodeSteps({ usage: "sign_in", beside: back, onShown: enterOrRegister }));
  }

  /** @param {{ isUser?: boolean }} shown */
  async function enterOrRegister({ isUser }) {
    if (isUser === false) {
      const words = el("p", { class: "lead" }, t("signin.nobody"));
      const register = createAction({
        ...{ label: t("signup.title"), kind: "primary", done: arrive },
        send: () => call("POST", "/auth/signup", { verified: true }),
      });
      return steps.show(words, register, createSwitch(t("code.again"), byCode));
    }
    const action = createAction({
      ...{ label: t("signin.submit"), kind: "primary", done: arrive },
      send: () => call("POST", "/auth/signin", { verified: true }),
      explain: { user_state: t("signin.blocked") },
    });
    steps.show(action);
    action.querySelector("button")?.click();
  }

  byPassword();
  return createGuestView(createHeading(t("signin.title")), steps.node, others);
}
