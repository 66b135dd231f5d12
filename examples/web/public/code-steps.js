import { formatAddress, parseAddress } from "./address.js";
import { call } from "./api.js";
import { el, told } from "./dom.js";
import { createAction, createForm, createSwitch } from "./form.js";
import { createSteps } from "./steps.js";
import { t } from "./texts.js";

/**
 * Two steps: an address to send a code to, and the code. Afterwards this browser has shown it, for one use.
 *
 * @typedef {{ email: string } | { phoneNumber: string }} Address
 *
 * @param {object} options
 * @param {"sign_in" | "sign_up" | "reset_password"} [options.usage]
 * @param {Address} [options.to] where it is known, so that it is not asked for
 * @param {() => Node} [options.beside] what is beside the first step
 * @param {(shown: { isUser?: boolean }, address: Address) => unknown} options.onShown
 * @returns {HTMLElement}
 */
export function createCodeSteps({ usage, to, beside, onShown }) {
  const steps = createSteps();

  /** @param {Address} address */
  const send = (address) => call("POST", "/auth/verification", { ...address, ...(usage && { usage }) });

  function askAddress() {
    if (to) return askWhetherToSend(to);
    const form = createForm({
      fields: [
        {
          ...{ name: "address", label: t("address.label"), hint: t("address.hint"), autocomplete: "email" },
          check: (value) => (parseAddress(value) ? undefined : t("field.address.format")),
        },
      ],
      submit: t("code.send"),
      send: ({ address }) => send(parseAddress(address) ?? { email: address }),
      done: (_, { address }) => askCode(parseAddress(address) ?? { email: address }),
    });
    steps.show(form, beside?.());
  }

  /** @param {Address} address */
  function askWhetherToSend(address) {
    const label = t("code.sendTo", { address: formatAddress(address) });
    const action = createAction({ label, kind: "primary", send: () => send(address), done: () => askCode(address) });
    steps.show(action, beside?.());
  }

  /** @param {Address} address */
  function askCode(address) {
    const form = createForm({
      fields: [{ name: "code", label: t("code.label"), autocomplete: "one-time-code", inputmode: "numeric" }],
      submit: t("code.check"),
      send: ({ code }) => call("POST", "/auth/verification/verify", { code }),
      done: (body) => onShown(body, address),
      explain: { invalid_credentials: ["code", t("code.wrong")], precondition: ["code", t("code.over")] },
      emptied: ["code"],
    });
    const sent = el("p", { class: "lead" }, t("code.sent", { address: formatAddress(address) }));
    steps.show(sent, whereItIs(address), form, createSwitch(t("code.again"), askAddress));
  }

  askAddress();
  return steps.node;
}

/** With the emulator nothing is sent; it shows the code instead. @param {Address} address */
function whereItIs(address) {
  const inbox = told("inbox");
  if (inbox === "") return undefined;
  const href = `${inbox}?to=${encodeURIComponent(formatAddress(address))}`;
  const link = el("a", { href, target: "_blank", rel: "noreferrer", class: "inbox" }, t("code.inbox"));
  return el("p", { class: "tip" }, t("code.emulator"), " ", link);
}
