import { createAccountView, createCard } from "../account.js";
import { call } from "../api.js";
import { el, told } from "../dom.js";
import { createHeading } from "../steps.js";
import { moment, t } from "../texts.js";

/** @param {NonNullable<import("../router.js").Me>} me */
export async function profile(me) {
  const { user, profile: known = {} } = me;
  const seen = await call("GET", "/api/me");
  const rows = [
    [t("profile.id"), user.id],
    [t("profile.name"), known.name ?? user.name],
    [t("profile.username"), known.username],
    [t("profile.email"), known.email ?? user.email],
    [t("profile.phone"), known.phoneNumber ?? user.phoneNumber],
    [t("profile.groups"), user.groups.join(", ")],
    [t("profile.created"), known.createdAt && moment(known.createdAt)],
  ].filter(([, value]) => value !== undefined && value !== "");
  const list = rows.flatMap(([label, value]) => [el("dt", {}, label), el("dd", {}, value)]);
  const title = user.isAnonymous
    ? t("profile.anonymous")
    : t("profile.hello", { name: known.name ?? user.name ?? known.username ?? user.id });
  return createAccountView(
    me,
    "/profile",
    createCard(createHeading(title, t("profile.lead")), el("dl", { class: "facts" }, ...list)),
    user.isAnonymous ? upgrade() : undefined,
    createCard(
      el("h2", {}, t("profile.server")),
      el("p", { class: "lead" }, t("profile.serverLead", { framework: told("framework") })),
      el(
        "pre",
        { class: "answer", tabindex: "0", role: "region", "aria-label": t("profile.server") },
        `GET /api/me\n${JSON.stringify(seen.ok ? seen.body : seen.problem, undefined, 2)}`,
      ),
    ),
  );
}

function upgrade() {
  return createCard(
    el("h2", {}, t("upgrade.title")),
    el("p", { class: "lead" }, t("upgrade.lead")),
    el("a", { class: "button primary", href: "/signup" }, t("upgrade.submit")),
  );
}
