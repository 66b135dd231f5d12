import { createCaptcha } from "./captcha.js";
import { el } from "./dom.js";
import { createField } from "./field.js";
import { sentenceFor, sentenceForField } from "./problems.js";
import { quieten, signedOut } from "./router.js";

/**
 * A form that says beside each field what is wrong with it.
 *
 * @param {object} options
 * @param {import("./field.js").FieldOptions[]} options.fields
 * @param {string} options.submit what its button says
 * @param {boolean} [options.danger]
 * @param {(values: any) => Promise<import("./api.js").Result>} options.send
 * @param {(body: any, values: any) => unknown} options.done
 * @param {Record<string, [field: string, sentence: string]>} [options.explain] by reason, which field a refusal is about
 * @param {string[]} [options.emptied] fields to type again after a refusal
 * @returns {HTMLFormElement}
 */
export function createForm({ fields: described, submit, danger = false, send, done, explain = {}, emptied = [] }) {
  const fields = described.map(createField);
  const captcha = createCaptcha();
  const alert = el("p", { class: "form-error", role: "alert", hidden: true });
  const button = el("button", { type: "submit", class: danger ? "danger" : "primary" }, submit);
  const form = el(
    "form",
    { method: "post", novalidate: true, onsubmit: (/** @type {Event} */ event) => void handle(event) },
    ...[alert, ...fields.map(({ node }) => node), captcha.node, button],
  );
  let isBusy = false;

  /** @param {string | undefined} sentence */
  const complain = (sentence) => {
    alert.textContent = sentence ?? "";
    alert.hidden = sentence === undefined;
  };

  /** @param {Event} event */
  async function handle(event) {
    event.preventDefault();
    if (isBusy) return;
    complain(undefined);
    quieten();
    const checked = [...fields, ...captcha.fields()].map((field) => ({ field, wrong: field.check() }));
    for (const { field, wrong } of checked) field.complain(wrong);
    const first = checked.find(({ wrong }) => wrong !== undefined);
    if (first !== undefined) return first.field.focus();
    busy(true);
    const values = Object.fromEntries(fields.map(({ name, value }) => [name, value()]));
    const result = await captcha.before(() => send(values));
    busy(false);
    if (result.ok) await done(result.body, values);
    else refuse(result.problem);
  }

  /** @param {boolean} now */
  function busy(now) {
    isBusy = now;
    button.setAttribute("aria-disabled", String(now));
    form.setAttribute("aria-busy", String(now));
  }

  /** @param {import("./api.js").Problem} problem */
  function refuse(problem) {
    if (problem.status === 401) return void signedOut();
    for (const field of fields) if (emptied.includes(field.name)) field.clear();
    if (captcha.ask(problem)) return;
    const [name, sentence] = explain[problem.reason ?? problem.code] ?? [];
    const placed = [
      ...(name !== undefined && sentence !== undefined ? [{ name, sentence }] : []),
      ...(problem.errors ?? []).map((error) => ({ name: error.field, sentence: sentenceForField(error) })),
    ].flatMap((complaint) => {
      const field = fields.find((candidate) => candidate.name === complaint.name);
      return field ? [{ field, sentence: complaint.sentence }] : [];
    });
    for (const { field, sentence: said } of placed) field.complain(said);
    if (placed[0] === undefined) complain(sentence ?? sentenceFor(problem));
    (placed[0]?.field ?? fields[0])?.focus();
  }

  return form;
}

/**
 * A button that does something at once, with what went wrong beside it.
 *
 * @param {{ label: string, spoken?: string, kind?: string, send: () => Promise<import("./api.js").Result>, done: (body: any) => unknown, explain?: Record<string, string> }} options
 */
export function createAction({ label, spoken, kind = "plain", send, done, explain = {} }) {
  const alert = el("p", { class: "form-error", role: "alert", hidden: true });
  const button = el("button", { type: "button", class: kind, onclick: () => void act(), "aria-label": spoken }, label);
  async function act() {
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    alert.hidden = true;
    quieten();
    const result = await send();
    button.setAttribute("aria-disabled", "false");
    if (result.ok) return void done(result.body);
    const { problem } = result;
    if (problem.status === 401) return void signedOut();
    alert.textContent = explain[problem.reason ?? problem.code] ?? sentenceFor(problem);
    alert.hidden = false;
  }
  return el("div", { class: "action" }, button, alert);
}

/** The submit button's neighbour: another way. @param {string} label @param {() => unknown} follow */
export function createSwitch(label, follow) {
  return el("button", { type: "button", class: "link", onclick: follow }, label);
}

/** @param {string} path @param {string} label */
export function createLink(path, label) {
  return el("a", { href: path }, label);
}
