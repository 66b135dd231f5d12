import type { CheckedSettings } from "../settings.ts";
import type { EmulatorClock } from "./clock.ts";

/** Wrong passwords per user. They count until a right one, a new password, or the end of a lock. */
export interface PasswordAttempts {
  /** Seconds until the account opens again; 0 when it is open. */
  lockedSeconds(sub: string): number;
  /** Whether so many passwords were wrong that a captcha is due. */
  needsCaptcha(sub: string): boolean;
  /** Notes a wrong password. How many more there may be; `undefined` where there is no limit. */
  failed(sub: string): number | undefined;
  clear(sub: string): void;
}

export type AttemptSettings = Pick<CheckedSettings, "passwordAttempts" | "lockSeconds" | "captchaAfter">;

export function createPasswordAttempts(clock: EmulatorClock, settings: AttemptSettings): PasswordAttempts {
  const { passwordAttempts, lockSeconds, captchaAfter } = settings;
  const bySub = new Map<string, { wrong: number; lockedUntil: number | undefined }>();

  const current = (sub: string) => {
    const entry = bySub.get(sub);
    if (entry?.lockedUntil === undefined || clock.now() < entry.lockedUntil) return entry;
    bySub.delete(sub);
    return undefined;
  };

  return {
    lockedSeconds(sub) {
      const until = current(sub)?.lockedUntil;
      return until === undefined ? 0 : Math.ceil((until - clock.now()) / 1000);
    },
    needsCaptcha: (sub) => captchaAfter !== -1 && (current(sub)?.wrong ?? 0) >= captchaAfter,
    failed(sub) {
      const wrong = (current(sub)?.wrong ?? 0) + 1;
      const left = passwordAttempts === -1 ? undefined : Math.max(0, passwordAttempts - wrong);
      bySub.set(sub, { wrong, lockedUntil: left === 0 ? clock.now() + lockSeconds * 1000 : undefined });
      return left;
    },
    clear(sub) {
      bySub.delete(sub);
    },
  };
}
