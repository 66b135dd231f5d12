import { addressOf, createAccountView, createCard } from "../account.js";
import { call } from "../api.js";
import { createCodeSteps } from "../code-steps.js";
import { el } from "../dom.js";
import { createAction, createForm, createSwitch } from "../form.js";
import { enter } from "../router.js";
import { createHeading, createSteps } from "../steps.js";
import { t } from "../texts.js";

/** Deletes the account. @param {NonNullable<import("../router.js").Me>} me */
export function leave(me) {
  const steps = createSteps();
  const address = addressOf(me.profile);
  const hasPassword = me.profile?.hasPassword === true;
  const done = () => enter("/", t("leave.done"));

  function byPassword() {
    const form = createForm({
      fields: [{ name: "password", label: t("password.label"), type: "password", autocomplete: "current-password" }],
      submit: t("leave.submit"),
      danger: true,
      send: ({ password }) => call("DELETE", "/auth/me", { password }),
      done,
      explain: { invalid_credentials: ["password", t("password.wrong")] },
      emptied: ["password"],
    });
    steps.show(form, address && createSwitch(t("password.byCode"), byCode));
  }

  function byCode() {
    const beside = () => (hasPassword ? createSwitch(t("password.byPassword"), byPassword) : el("span"));
    steps.show(createCodeSteps({ ...(address && { to: address }), beside, onShown: confirm }));
  }

  function confirm() {
    const send = () => call("DELETE", "/auth/me", { verified: true });
    steps.show(el("p", {}, t("leave.sure")), createAction({ label: t("leave.submit"), kind: "danger", send, done }));
  }

  if (hasPassword) byPassword();
  else if (address) byCode();
  else steps.show(el("p", {}, t("password.noWay")));
  return createAccountView(me, "/leave", createCard(createHeading(t("leave.title"), t("leave.lead")), steps.node));
}
