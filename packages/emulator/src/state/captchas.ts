import type { EmulatorClock } from "./clock.ts";
import type { Random } from "./random.ts";

/** An image that waits for somebody to read it. */
export interface Captcha {
  readonly token: string;
  /** What the image shows. */
  readonly text: string;
  /** Epoch milliseconds. From this moment on the answer is refused. */
  readonly expiresAt: number;
}

export interface Captchas {
  issue(): Captcha;
  /** Tries an answer. Each image has one try; upper and lower case are the same. */
  solve(token: string, answer: string): boolean;
  find(token: string): Captcha | undefined;
  /** The last 100, oldest first; one that was tried is not among them. */
  all(): readonly Captcha[];
}

/** docs.cloudbase.net http-api/auth/auth-get-captcha-data: `expires_in` 300. */
export const captchaLifetimeSeconds = 300;
/** docs.cloudbase.net http-api/auth/auth-verify-captcha-data: `expires_in` 600. */
export const captchaTokenLifetimeSeconds = 600;

/** Those that nobody takes for another one; each has a shape in the picture's font. */
export const captchaLetters = "ACDEFHJKLMNPRTUVWXY34679";
/** The official web SDK's input takes four characters. */
const length = 4;
const kept = 100;

export function createCaptchas(clock: EmulatorClock, random: Random): Captchas {
  const waiting = new Map<string, Captcha>();

  return {
    issue() {
      const token = random.base64url(24);
      const text = random.pick(captchaLetters, length);
      const captcha = { token, text, expiresAt: clock.now() + captchaLifetimeSeconds * 1000 };
      waiting.set(token, captcha);
      const [oldest] = waiting.keys();
      if (waiting.size > kept && oldest !== undefined) waiting.delete(oldest);
      return captcha;
    },
    solve(token, answer) {
      const captcha = waiting.get(token);
      waiting.delete(token);
      return captcha !== undefined && clock.now() < captcha.expiresAt && captcha.text === answer.trim().toUpperCase();
    },
    find: (token) => waiting.get(token),
    all: () => [...waiting.values()],
  };
}
