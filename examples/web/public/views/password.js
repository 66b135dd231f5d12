import { addressOf, createAccountView, createCard } from "../account.js";
import { call } from "../api.js";
import { createCodeSteps } from "../code-steps.js";
import { el } from "../dom.js";
import { checkNewPassword } from "../field.js";
import { createForm, createSwitch } from "../form.js";
import { go } from "../router.js";
import { createHeading, createSteps } from "../steps.js";
import { t } from "../texts.js";

/** @param {NonNullable<import("../router.js").Me>} me */
export function password(me) {
  const steps = createSteps();
  const address = addressOf(me.profile);
  const hasPassword = me.profile?.hasPassword === true;
  const done = () => go("/password", { notice: t("password.done"), replace: true });
  const weak = /** @type {[string, string]} */ (["newPassword", t("field.newPassword.format")]);
  const chosen = {
    ...{ name: "newPassword", label: t("password.new"), type: "password", autocomplete: "new-password" },
    ...{ hint: t("password.rule"), check: checkNewPassword },
  };

  function byPassword() {
    const form = createForm({
      fields: [
        { name: "password", label: t("password.old"), type: "password", autocomplete: "current-password" },
        chosen,
      ],
      submit: t("password.submit"),
      send: ({ password: old, newPassword }) => call("PATCH", "/auth/password", { password: old, newPassword }),
      done,
      explain: { invalid_credentials: ["password", t("password.wrong")], invalid_input: weak },
      emptied: ["password"],
    });
    steps.show(form, address && createSwitch(t("password.byCode"), byCode));
  }

  function byCode() {
    const beside = () => (hasPassword ? createSwitch(t("password.byPassword"), byPassword) : el("span"));
    steps.show(createCodeSteps({ ...(address && { to: address }), beside, onShown: choose }));
  }

  function choose() {
    const form = createForm({
      fields: [chosen],
      submit: t("password.submit"),
      send: ({ newPassword }) => call("PATCH", "/auth/password", { verified: true, newPassword }),
      done,
      explain: { invalid_input: weak },
    });
    steps.show(form);
  }

  if (hasPassword) byPassword();
  else if (address) byCode();
  else steps.show(el("p", {}, t("password.noWay")));
  return createAccountView(
    me,
    "/password",
    createCard(createHeading(t("password.title"), t("password.lead")), steps.node),
  );
}
