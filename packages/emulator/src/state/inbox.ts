import type { Address } from "./address.ts";

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
}

export interface Outbox extends Inbox {
  deliver(address: Address, message: Omit<Message, "channel" | "to">): void;
}

const kept = 1000;

export function createInbox(delivered: (message: Message) => void): Outbox {
  const messages: Message[] = [];

  return {
    latest: (to) => messages.findLast((message) => message.to.toLowerCase() === to.toLowerCase())?.code,
    messages: () => [...messages],
    deliver(address, content) {
      const message = { channel: address.kind === "phone" ? "sms" : "email", to: address.value, ...content } as const;
      messages.push(message);
      if (messages.length > kept) messages.shift();
      delivered(message);
    },
  };
}
