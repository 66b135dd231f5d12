import { call } from "./api.js";
import { el } from "./dom.js";
import { createField } from "./field.js";
import { sentenceFor } from "./problems.js";
import { t } from "./texts.js";

/** The picture that a form shows when the server asks for one, in the middle of whatever was being sent. */
export function createCaptcha() {
  const node = el("div", { class: "captcha", hidden: true });
  /** @type {import("./field.js").Field | undefined} */
  let field;

  /** @param {string} image @param {string | undefined} complaint */
  function show(image, complaint) {
    field = createField({ name: "answer", label: t("captcha.label"), autocomplete: "off", hint: t("captcha.hint") });
    const another = el("button", { type: "button", class: "link", onclick: () => void draw(undefined) });
    another.textContent = t("captcha.another");
    const picture = el("img", { src: image, alt: t("captcha.alt") });
    node.replaceChildren(el("div", { class: "picture" }, picture, another), field.node);
    node.hidden = false;
    field.complain(complaint);
    field.focus();
  }

  /** Another picture, as each is good for one try. @param {string | undefined} complaint */
  async function draw(complaint) {
    const drawn = await call("POST", "/auth/captcha", {});
    if (drawn.ok) show(drawn.body.image, complaint);
    else field?.complain(sentenceFor(drawn.problem));
  }

  return {
    node,
    fields: () => (field ? [field] : []),

    /** Sends the answer first, where there is a picture. @param {() => Promise<import("./api.js").Result>} send */
    async before(send) {
      if (field === undefined) return send();
      const solved = await call("POST", "/auth/captcha", { answer: field.value() });
      if (!solved.ok) return solved;
      field = undefined;
      node.hidden = true;
      return send();
    },

    /** Whether the refusal was about a picture; then it is there now. @param {import("./api.js").Problem} problem */
    ask({ reason, captcha }) {
      if (reason !== "captcha_required") return false;
      const complaint = field ? t("captcha.wrong") : t("captcha.needed");
      if (captcha) show(captcha.image, complaint);
      else void draw(complaint);
      return true;
    },
  };
}
