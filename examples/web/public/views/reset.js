import { call } from "../api.js";
import { createCodeSteps } from "../code-steps.js";
import { el } from "../dom.js";
import { checkNewPassword } from "../field.js";
import { createForm, createLink } from "../form.js";
import { createGuestView } from "../guest.js";
import { go } from "../router.js";
import { createHeading, createSteps } from "../steps.js";
import { t } from "../texts.js";

export function reset() {
  const steps = createSteps();

  function choose() {
    const form = createForm({
      fields: [
        {
          ...{ name: "newPassword", label: t("password.new"), type: "password", autocomplete: "new-password" },
          ...{ hint: t("password.rule"), check: checkNewPassword },
        },
      ],
      submit: t("reset.submit"),
      send: ({ newPassword }) => call("POST", "/auth/reset", { verified: true, newPassword }),
      done: () => go("/signin", { notice: t("reset.done"), replace: true }),
      explain: {
        invalid_input: ["newPassword", t("field.newPassword.format")],
        invalid_credentials: ["newPassword", t("reset.refused")],
      },
    });
    steps.show(el("p", { class: "lead" }, t("reset.choose")), form);
  }

  const beside = () => el("p", { class: "after" }, createLink("/signin", t("reset.back")));
  steps.show(createCodeSteps({ usage: "reset_password", beside, onShown: choose }));
  return createGuestView(createHeading(t("reset.title"), t("reset.lead")), steps.node);
}
