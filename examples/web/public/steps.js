import { el } from "./dom.js";

/** A place for what comes one after the other; each step begins at its first field. */
export function createSteps() {
  const node = el("div", { class: "steps" });
  let isFirst = true;
  return {
    /** @type {HTMLElement} */
    node,
    /** @param {(Node | string | undefined | false)[]} children */
    show(...children) {
      node.replaceChildren(...children.filter((child) => child !== undefined && child !== false));
      const first = node.querySelector("input, button");
      if (!isFirst && first instanceof HTMLElement) first.focus();
      isFirst = false;
    },
  };
}

/** @param {string} title @param {string} [lead] */
export function createHeading(title, lead) {
  return el("div", { class: "heading" }, el("h1", {}, title), lead !== undefined && el("p", { class: "lead" }, lead));
}
