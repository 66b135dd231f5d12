import type { Address } from "./address.ts";
import type { EmulatorClock } from "./clock.ts";
import type { Random } from "./random.ts";

/** A code that waits for the person to type it. */
export interface PendingCode {
  /** A uuid, the `kid` member inside the verification_id. */
  readonly id: string;
  readonly address: Address;
  readonly code: string;
  readonly sentAt: number;
  readonly expiresAt: number;
}

export interface Codes {
  issue(address: Address): PendingCode;
  /**
   * Uses a code up: it works once, before its end, and dies after `attempts` wrong ones.
   * `undefined` for anything else.
   */
  redeem(id: string, code: string): PendingCode | undefined;
}

/** docs.cloudbase.net http-api/auth/auth-send-verification: `expires_in` 600. */
export const codeLifetimeSeconds = 600;

export function createCodes(clock: EmulatorClock, random: Random, attempts: number): Codes {
  const pending = new Map<string, { code: PendingCode; attemptsLeft: number }>();

  return {
    issue(address) {
      const sentAt = clock.now();
      const expiresAt = sentAt + codeLifetimeSeconds * 1000;
      const code = { id: random.uuid(), address, code: random.digits(6), sentAt, expiresAt };
      pending.set(code.id, { code, attemptsLeft: attempts });
      return code;
    },
    redeem(id, text) {
      const entry = pending.get(id);
      if (!entry) return undefined;
      if (clock.now() < entry.code.expiresAt && entry.code.code === text) {
        pending.delete(id);
        return entry.code;
      }
      entry.attemptsLeft -= 1;
      if (entry.attemptsLeft === 0) pending.delete(id);
      return undefined;
    },
  };
}
