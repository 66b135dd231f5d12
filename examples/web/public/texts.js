import { en } from "./texts/en.js";
import { zh } from "./texts/zh.js";

/** @typedef {keyof typeof en} TextKey */

const languages = { en, zh };
const choice = "language";

/** @type {"en" | "zh"} */
let language = chosen() ?? preferred();

/** The language that is spoken. */
export const speaks = () => language;

/** @param {"en" | "zh"} wanted kept in this browser; it is all that the page ever keeps there */
export function speak(wanted) {
  language = wanted;
  localStorage.setItem(choice, wanted);
}

/**
 * A text in the language that is spoken.
 *
 * @param {TextKey} key
 * @param {Record<string, string | number>} [values] for what stands in braces
 */
export function t(key, values = {}) {
  return languages[language][key].replaceAll(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** @param {string} key @returns {key is TextKey} */
export function isText(key) {
  return Object.hasOwn(en, key);
}

/** @param {number | string} time */
export function moment(time) {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(time));
}

function chosen() {
  const kept = localStorage.getItem(choice);
  return kept === "en" || kept === "zh" ? kept : undefined;
}

/** The first of the browser's languages that there is here. */
function preferred() {
  const first = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag in languages);
  return first === "zh" ? "zh" : "en";
}
