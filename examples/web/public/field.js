import { el } from "./dom.js";
import { t } from "./texts.js";

/**
 * One field of a form. `check` says what is wrong with a value, or nothing.
 *
 * @typedef {object} FieldOptions
 * @property {string} name
 * @property {string} label
 * @property {string} [hint]
 * @property {string} [type]
 * @property {string} [autocomplete]
 * @property {string} [inputmode]
 * @property {boolean} [optional]
 * @property {(value: string) => string | undefined} [check]
 *
 * @typedef {object} Field
 * @property {HTMLElement} node
 * @property {string} name
 * @property {() => string} value
 * @property {(sentence: string | undefined) => void} complain says what is wrong beside the field, and takes it back
 * @property {() => string | undefined} check
 * @property {() => void} focus
 * @property {() => void} clear
 */

let count = 0;

/** @param {FieldOptions} options @returns {Field} */
export function createField({ name, label, hint, type = "text", optional = false, check, ...attributes }) {
  const id = `field-${(count += 1)}`;
  const input = el("input", {
    ...{ id, name, type, required: !optional, autocapitalize: "none", spellcheck: "false", ...attributes },
  });
  const error = el("p", { class: "error", id: `${id}-error`, hidden: true });
  const hints = hint && el("p", { class: "hint", id: `${id}-hint` }, hint);
  const box = el("div", { class: "input" }, input, type === "password" && revealButton(input, label));
  const words = el(
    "label",
    { for: id },
    label,
    optional && el("span", { class: "optional" }, ` ${t("field.optional")}`),
  );
  const describe = () => {
    const ids = [...(error.hidden ? [] : [error.id]), ...(hints ? [hints.id] : [])];
    if (ids.length > 0) input.setAttribute("aria-describedby", ids.join(" "));
    else input.removeAttribute("aria-describedby");
  };
  describe();
  return {
    name,
    node: el("div", { class: "field" }, words, box, error, hints),
    value: () => (type === "password" ? input.value : input.value.trim()),
    complain(sentence) {
      error.textContent = sentence ?? "";
      error.hidden = sentence === undefined;
      input.toggleAttribute("aria-invalid", false);
      if (sentence !== undefined) input.setAttribute("aria-invalid", "true");
      describe();
    },
    check() {
      if (input.value.trim() === "") return optional ? undefined : t("field.required");
      return check?.(input.value);
    },
    focus: () => input.focus(),
    clear: () => void (input.value = ""),
  };
}

/** @param {HTMLInputElement} input @param {string} label */
function revealButton(input, label) {
  const button = el("button", {
    ...{ type: "button", class: "reveal", "aria-pressed": "false", "aria-controls": input.id },
    "aria-label": t("field.reveal", { label }),
    onclick() {
      const shows = input.type === "password";
      input.type = shows ? "text" : "password";
      button.setAttribute("aria-pressed", String(shows));
      button.textContent = shows ? t("field.hide") : t("field.show");
    },
  });
  button.textContent = t("field.show");
  return button;
}

/** The rule that CloudBase has for passwords; it is the server that holds to it. @param {string} value */
export function checkNewPassword(value) {
  const kinds = [/[A-Z]/, /[a-z]/, /[0-9]/, /[^A-Za-z0-9]/];
  const isGood = value.length >= 8 && value.length <= 64 && kinds.every((kind) => kind.test(value));
  return isGood ? undefined : t("field.newPassword.format");
}
