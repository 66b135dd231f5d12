import { createAccountView, createCard } from "../account.js";
import { call } from "../api.js";
import { el } from "../dom.js";
import { createAction } from "../form.js";
import { sentenceFor } from "../problems.js";
import { enter, go } from "../router.js";
import { createHeading } from "../steps.js";
import { moment, t } from "../texts.js";

/** @param {NonNullable<import("../router.js").Me>} me */
export async function sessions(me) {
  const known = await call("GET", "/auth/sessions");
  const heading = createHeading(t("sessions.title"), t("sessions.lead"));
  const list = known.ok
    ? el("ul", { class: "list" }, ...known.body.sessions.map(itemOf))
    : el("p", {}, sentenceFor(known.problem));
  const everywhere = createCard(
    el("h2", {}, t("everywhere.title")),
    el("p", { class: "lead" }, t("everywhere.lead")),
    createAction({
      ...{ label: t("everywhere.submit"), kind: "danger" },
      send: () => call("POST", "/auth/signout/everywhere"),
      done: () => enter("/signin", t("everywhere.done")),
    }),
  );
  return createAccountView(me, "/sessions", createCard(heading, list), everywhere);
}

/** @param {any} session */
function itemOf({ handle, isCurrent, startedAt, seenAt, userAgent }) {
  const name = browserOf(userAgent ?? "");
  const times = t("sessions.times", { started: moment(startedAt), seen: moment(seenAt) });
  const badge = isCurrent && el("span", { class: "badge" }, t("sessions.current"));
  const words = el("div", {}, el("p", { class: "item-title" }, name, badge), el("p", { class: "item-about" }, times));
  if (isCurrent) return el("li", { class: "item" }, words);
  const end = createAction({
    ...{ label: t("sessions.end"), spoken: t("sessions.endNamed", { name, started: moment(startedAt) }) },
    send: () => call("DELETE", `/auth/sessions/${encodeURIComponent(handle)}`),
    done: () => go("/sessions", { notice: t("sessions.ended", { name }), replace: true }),
  });
  return el("li", { class: "item" }, words, end);
}

/** A rough guess is all that a browser's own name is good for. @param {string} userAgent */
function browserOf(userAgent) {
  const browser = /(?:Edg|OPR|Firefox|MicroMessenger|Chrome|Safari)(?=\/)/.exec(userAgent)?.[0] ?? "";
  const system = /Android|iPhone|iPad|Windows|Mac OS X|Linux/.exec(userAgent)?.[0] ?? "";
  const known = { Edg: "Edge", OPR: "Opera", MicroMessenger: "WeChat" }[browser] ?? browser;
  return [known, system].filter((part) => part !== "").join(" · ") || t("sessions.unknown");
}
