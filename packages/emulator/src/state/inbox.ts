import type { Address } from "./address.ts";
import type { Captcha, Captchas } from "./captchas.ts";

/** A code as it would have reached a phone or a mailbox. */
export interface Message {
  readonly channel: "sms" | "email";
  /** The phone number ("+86 13800000000") or e-mail address. */
  readonly to: string;
  /** Six digits. */
  readonly code: string;
  /** Epoch milliseconds. */
  readonly sentAt: number;
  /** Epoch milliseconds. From this moment on the code is refused. */
  readonly expiresAt: number;
}

/** What the emulator "sent". Nothing leaves the machine. */
export interface Inbox {
  /** The last code sent to this phone number or e-mail address. */
  latest(to: string): string | undefined;
  /** The last 1000 messages, oldest first. */
  messages(): readonly Message[];
  /** What the image of POST /auth/v1/captcha/data with this token shows; `undefined` once it was tried. */
  captcha(token: string): string | undefined;
  /** The last 100 images that nobody tried yet, oldest first. */
  captchas(): readonly Captcha[];
}

export interface Outbox extends Inbox {
  deliver(address: Address, message: Omit<Message, "channel" | "to">): void;
}

const kept = 1000;

export function createInbox(delivered: (message: Message) => void, captchas: Captchas): Outbox {
  const messages: Message[] = [];

  return {
    latest: (to) => messages.findLast((message) => message.to.toLowerCase() === to.toLowerCase())?.code,
    messages: () => [...messages],
    captcha: (token) => captchas.find(token)?.text,
    captchas: () => captchas.all(),
    deliver(address, content) {
      const message = { channel: address.kind === "phone" ? "sms" : "email", to: address.value, ...content } as const;
      messages.push(message);
      if (messages.length > kept) messages.shift();
      delivered(message);
    },
  };
}
