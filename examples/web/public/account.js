import { el } from "./dom.js";
import { t } from "./texts.js";

/** @type {[path: string, title: import("./texts.js").TextKey, forAnonymous: boolean][]} */
const places = [
  ["/profile", "profile.title", true],
  ["/password", "password.title", false],
  ["/providers", "providers.title", false],
  ["/sessions", "sessions.title", true],
  ["/leave", "leave.title", false],
];

/**
 * A page of somebody's account, with the way to the others.
 *
 * @param {NonNullable<import("./router.js").Me>} me
 * @param {string} path
 * @param {...(Node | undefined)} children
 */
export function createAccountView(me, path, ...children) {
  const links = places
    .filter(([, , forAnonymous]) => forAnonymous || !me.user.isAnonymous)
    .map(([to, title]) => el("li", {}, el("a", { href: to, "aria-current": to === path && "page" }, t(title))));
  return el(
    "div",
    { class: "account" },
    el("nav", { class: "places", "aria-label": t("nav.account") }, el("ul", {}, ...links)),
    el("div", { class: "cards" }, ...children.filter((child) => child !== undefined)),
  );
}

/** @param {...(Node | string | undefined | false)} children */
export const createCard = (...children) => el("section", { class: "card" }, ...children);

/** Where a code can be sent to. @param {any} profile @returns {{ email: string } | { phoneNumber: string } | undefined} */
export function addressOf(profile) {
  if (profile?.email !== undefined) return { email: profile.email };
  return profile?.phoneNumber === undefined ? undefined : { phoneNumber: profile.phoneNumber };
}
