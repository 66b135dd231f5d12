import type { AttemptLimit } from "@cloudbase-auth/core";

/** How often something may be tried by one address of the network, and for one account whoever tries. */
export interface AttemptPair {
  readonly perIp: AttemptLimit;
  readonly perAccount: AttemptLimit;
}

/** How often the routes may be tried. */
export interface AttemptLimits {
  /** Passwords, tickets and providers: sign-in, sign-up, reset, and whatever asks for the password again. */
  readonly signIn: AttemptPair;
  /** Codes that are sent; the account is whoever they are sent to. */
  readonly sendCode: AttemptPair;
  /** Codes and captchas that are checked. */
  readonly checkCode: AttemptPair;
  /** Refreshes that were asked for; the account is the session. */
  readonly refresh: AttemptPair;
  /**
   * Passwords that may be tried for an account before a captcha is wanted, whether or not there is such an account: the
   * Auth API wants one of accounts that exist, which would tell them from others.
   */
  readonly beforeCaptcha: AttemptLimit;
}

const quarterHour = 900;

export const defaultAttemptLimits: AttemptLimits = {
  signIn: {
    perIp: { attempts: 100, perSeconds: quarterHour },
    perAccount: { attempts: 10, perSeconds: quarterHour },
  },
  sendCode: {
    perIp: { attempts: 30, perSeconds: quarterHour },
    perAccount: { attempts: 5, perSeconds: quarterHour },
  },
  checkCode: {
    perIp: { attempts: 100, perSeconds: quarterHour },
    perAccount: { attempts: 10, perSeconds: quarterHour },
  },
  refresh: {
    perIp: { attempts: 300, perSeconds: quarterHour },
    perAccount: { attempts: 60, perSeconds: quarterHour },
  },
  beforeCaptcha: { attempts: 5, perSeconds: 86_400 },
};

/** The limits that are given, and the usual ones for the rest. @throws TypeError naming the limit and the fix */
export function checkAttemptLimits(given: Partial<AttemptLimits> = {}): AttemptLimits {
  const { beforeCaptcha, ...pairs } = { ...defaultAttemptLimits, ...given };
  for (const [name, pair] of Object.entries(pairs)) {
    if (!Object.hasOwn(defaultAttemptLimits, name)) {
      const known = Object.keys(defaultAttemptLimits).join(", ");
      throw new TypeError(`option limits has no member ${name}; there are ${known}`);
    }
    checkLimit(`${name}.perIp`, pair?.perIp);
    checkLimit(`${name}.perAccount`, pair?.perAccount);
  }
  checkLimit("beforeCaptcha", beforeCaptcha);
  return { ...pairs, beforeCaptcha };
}

function checkLimit(name: string, limit: AttemptLimit | undefined): void {
  const numbers = [limit?.attempts, limit?.perSeconds];
  if (numbers.every((number) => Number.isSafeInteger(number) && Number(number) >= 1)) return;
  throw new TypeError(
    `option limits.${name} must be { attempts, perSeconds } with whole numbers from 1, e.g. { attempts: 10, perSeconds: 900 }`,
  );
}
