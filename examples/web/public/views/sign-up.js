import { call } from "../api.js";
import { createCodeSteps } from "../code-steps.js";
import { el } from "../dom.js";
import { checkNewPassword } from "../field.js";
import { createAction, createForm, createLink } from "../form.js";
import { createGuestView } from "../guest.js";
import { enter } from "../router.js";
import { createHeading, createSteps } from "../steps.js";
import { t } from "../texts.js";

/** @param {import("../router.js").Me} me an anonymous user keeps the id, or nobody yet */
export function signUp(me) {
  const steps = createSteps();
  const isUpgrade = me !== undefined;
  const lead = isUpgrade ? t("signup.keeps", { id: me.user.id }) : t("signup.lead");

  function prove() {
    const beside = () => el("p", { class: "after" }, createLink("/signin", t("signup.known")));
    steps.show(createCodeSteps({ usage: "sign_up", beside, onShown: ({ isUser }) => (isUser ? meet() : describe()) }));
  }

  /** Whoever has shown the code may know that there is an account. */
  function meet() {
    const arrive = createAction({
      ...{ label: t("signin.submit"), kind: "primary" },
      send: () => call("POST", "/auth/signin", { verified: true }),
      done: () => enter("/profile", t("signin.done")),
      explain: { user_state: t("signin.blocked") },
    });
    steps.show(el("p", { class: "lead" }, t("signup.exists")), arrive);
  }

  function describe() {
    const form = createForm({
      fields: [
        { name: "name", label: t("signup.name"), autocomplete: "name", optional: true },
        {
          ...{ name: "username", label: t("signup.username"), autocomplete: "username", optional: true },
          hint: t("signup.usernameHint"),
          check: (value) =>
            /^[A-Za-z0-9][\w\-.:+]{1,47}$/.test(value.trim()) ? undefined : t("field.username.format"),
        },
        {
          ...{ name: "password", label: t("password.label"), type: "password", autocomplete: "new-password" },
          ...{ hint: t("password.rule"), check: checkNewPassword, optional: true },
        },
      ],
      submit: t("signup.submit"),
      send: ({ name, username, password }) =>
        call("POST", "/auth/signup", {
          verified: true,
          ...(username && { username }),
          ...(password && { password }),
          ...(name && { name }),
        }),
      done: () => enter("/profile", isUpgrade ? t("signup.kept") : t("signup.done")),
      explain: {
        precondition: ["username", t("signup.taken")],
        already_exists: ["username", t("signup.taken")],
        invalid_input: ["username", t("field.username.format")],
      },
    });
    steps.show(el("p", { class: "lead" }, t("signup.describe")), form);
  }

  prove();
  return createGuestView(createHeading(t("signup.title"), lead), steps.node);
}
