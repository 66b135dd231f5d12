import { el, told } from "./dom.js";
import { t } from "./texts.js";

/** The two columns of whoever is not signed in: what this is, and what to do. @param {...(Node | undefined)} children */
export function createGuestView(...children) {
  const points = [t("about.tokens"), t("about.cookie"), t("about.tabs")].map((text) => el("li", {}, text));
  return el(
    "div",
    { class: "guest" },
    el(
      "aside",
      { class: "about" },
      el("p", { class: "slogan" }, t("about.slogan")),
      el("ul", { class: "points" }, ...points),
    ),
    el("section", { class: "card" }, ...children.filter((child) => child !== undefined)),
  );
}

/** The third parties to sign in with; the way there is a plain link, since the server leads it. */
export function createProviderLinks() {
  const ids = told("providers").split(/[ ,]+/).filter(Boolean);
  if (ids.length === 0) return undefined;
  const links = ids.map((id) => {
    const href = `/auth/provider/${encodeURIComponent(id)}?return_to=${encodeURIComponent("/profile")}`;
    return el("a", { class: "button", href }, t("signin.with", { provider: id.replaceAll("_", " ") }));
  });
  return el("div", { class: "others" }, el("p", { class: "or" }, t("signin.or")), ...links);
}
