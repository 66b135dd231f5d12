import { call } from "./api.js";
import { byId, el } from "./dom.js";
import { sentenceFor } from "./problems.js";
import { isText, t } from "./texts.js";

/**
 * Who is signed in: nobody, or a user, with a profile unless it is an anonymous one.
 *
 * @typedef {{ user: any, profile?: any } | undefined} Me
 * @typedef {{ for: "nobody" | "guest" | "user" | "person", title: import("./texts.js").TextKey, view: (me: any) => Node | Promise<Node> }} Route
 */

/** @type {Record<string, Route>} */
let routes = {};
/** @type {(me: Me) => void} */
let showFrame = () => {};
let turn = 0;

const others = "BroadcastChannel" in globalThis ? new BroadcastChannel("cloudbase-auth") : undefined;

/** @param {Record<string, Route>} table @param {(me: Me) => void} frame draws what is around every view */
export function startRouter(table, frame) {
  routes = table;
  showFrame = frame;
  document.addEventListener("click", follow);
  addEventListener("popstate", () => void show());
  // Browsers may bring a page back as it was; ask again who is signed in.
  addEventListener("pageshow", (event) => void (event.persisted && show()));
  others?.addEventListener("message", () => void show());
  void show({ notice: arrivalNotice(), isFirst: true });
}

/** @param {string} path @param {{ notice?: string | undefined, replace?: boolean }} [options] `notice`: a sentence to say there */
export function go(path, { notice, replace = false } = {}) {
  history[replace ? "replaceState" : "pushState"]({}, "", path);
  return show({ notice });
}

/** Somebody came or went: the other tabs look for themselves. @param {string} path @param {string} [notice] */
export function enter(path, notice) {
  others?.postMessage("changed");
  return go(path, { notice, replace: true });
}

/** The session has ended meanwhile. */
export function signedOut() {
  return enter("/signin", t("problem.refresh_rejected"));
}

/** What was said last is over once something else is done. */
export function quieten() {
  byId("notice").textContent = "";
}

/** Shows what belongs to the address. @param {{ notice?: string | undefined, isFirst?: boolean }} [options] */
export async function show({ notice = "", isFirst = false } = {}) {
  const own = (turn += 1);
  const main = byId("main");
  // Nothing of what was there stays while the server is asked.
  main.replaceChildren();
  main.setAttribute("aria-busy", "true");
  byId("notice").textContent = notice;
  const found = await whoAmI();
  if (own !== turn) return;
  const path = placeFor(found.me);
  if (path !== location.pathname) history.replaceState({}, "", path);
  const route = routes[path];
  const view = found.problem || !route ? outOfReach(found.problem) : await route.view(found.me);
  if (own !== turn) return;
  showFrame(found.me);
  document.title = `${t(route?.title ?? "welcome.title")} · cloudbase-auth`;
  main.replaceChildren(view);
  main.setAttribute("aria-busy", "false");
  if (isFirst) return;
  const heading = main.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus();
}

/** @returns {Promise<{ me: Me, problem?: import("./api.js").Problem }>} */
async function whoAmI() {
  const answer = await call("GET", "/auth/me");
  if (answer.ok) return { me: answer.body };
  return answer.problem.status === 401 ? { me: undefined } : { me: undefined, problem: answer.problem };
}

/** Where somebody may be who asks for the address. @param {Me} me */
function placeFor(me) {
  const wanted = location.pathname;
  const isPerson = me !== undefined && !me.user.isAnonymous;
  switch (routes[wanted]?.for) {
    case "nobody":
      return me ? "/profile" : wanted;
    case "guest":
      return isPerson ? "/profile" : wanted;
    case "user":
      return me ? wanted : "/signin";
    case "person":
      return isPerson ? wanted : me ? "/profile" : "/signin";
    case undefined:
      return me ? "/profile" : "/";
  }
}

/** @param {import("./api.js").Problem | undefined} problem */
function outOfReach(problem) {
  const again = el("button", { type: "button", class: "primary", onclick: () => void show() }, t("problem.again"));
  const sentence = problem ? sentenceFor(problem) : t("problem.unknown");
  return el("section", { class: "card" }, el("h1", {}, t("problem.title")), el("p", {}, sentence), again);
}

/** What became of a way to a third party: `auth_error` in the address, which is taken out of it. */
function arrivalNotice() {
  const error = new URLSearchParams(location.search).get("auth_error");
  if (location.search !== "") history.replaceState({}, "", location.pathname);
  if (error === null) return "";
  const key = `arrival.${error}`;
  return t(isText(key) ? key : "arrival.failed");
}

/** Links within the page load nothing. @param {MouseEvent} event */
function follow(event) {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !isPlain || link.target !== "" || link.origin !== location.origin || !(link.pathname in routes)) return;
  event.preventDefault();
  if (link.hash === "") void go(link.pathname);
  else byId(link.hash.slice(1)).focus();
}
