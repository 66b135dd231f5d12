import { createAccountView, createCard } from "../account.js";
import { call } from "../api.js";
import { el } from "../dom.js";
import { createAction } from "../form.js";
import { sentenceFor } from "../problems.js";
import { go } from "../router.js";
import { createHeading } from "../steps.js";
import { t } from "../texts.js";

/** @param {NonNullable<import("../router.js").Me>} me */
export async function providers(me) {
  const known = await call("GET", "/auth/providers");
  const heading = createHeading(t("providers.title"), t("providers.lead"));
  if (!known.ok)
    return createAccountView(me, "/providers", createCard(heading, el("p", {}, sentenceFor(known.problem))));
  const items = known.body.providers.map(itemOf);
  const list = items.length > 0 ? el("ul", { class: "list" }, ...items) : el("p", {}, t("providers.none"));
  return createAccountView(me, "/providers", createCard(heading, list));
}

/** @param {any} provider */
function itemOf({ id, name = id, bound, providerUserName }) {
  const path = `/auth/provider/${encodeURIComponent(id)}`;
  const state = bound ? t("providers.bound", { name: providerUserName ?? "" }) : t("providers.unbound");
  const action = bound
    ? createAction({
        ...{ label: t("providers.unbind"), spoken: t("providers.unbindNamed", { name }) },
        send: () => call("DELETE", path),
        done: () => go("/providers", { notice: t("providers.gone", { name }), replace: true }),
        explain: { precondition: t("providers.last") },
      })
    : createAction({
        ...{ label: t("providers.bind"), spoken: t("providers.bindNamed", { name }) },
        send: () => call("POST", `${path}/bind`, { returnTo: "/providers" }),
        done: ({ redirectTo }) => location.assign(redirectTo),
      });
  const words = el("div", {}, el("p", { class: "item-title" }, name), el("p", { class: "item-about" }, state));
  return el("li", { class: "item" }, words, action);
}
