import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
import type { AttemptLimit } from "@cloudbase-auth/core";
import type { RouteCall } from "./route.ts";

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

/** An attempt that was counted. */
export interface Attempt {
  /** Forgets the account's attempts; the address of the network keeps its own. */
  readonly succeeded: () => Promise<void>;
}

/**
 * Counts an attempt by the address of the network, where there is one, and by the account.
 *
 * @throws AuthError `rate_limited` (attempts) if there were too many, `service_unavailable` if they cannot be counted
 */
export async function countAttempt(
  call: RouteCall,
  what: Exclude<keyof AttemptLimits, "beforeCaptcha">,
  account?: string,
): Promise<Attempt> {
  const { perIp, perAccount } = call.limits[what];
  const { ip } = call.request;
  const accountKey = account === undefined ? undefined : accountDigest(what, account);
  // Whoever is over the limit of the address does not use up that of somebody's account.
  const wait = await reach(call, async ({ limiter }) => {
    const forIp = ip === undefined ? 0 : await limiter.count(digest(what, "ip", networkOf(ip)), perIp);
    return forIp > 0 || accountKey === undefined ? forIp : limiter.count(accountKey, perAccount);
  });
  if (wait > 0) throw call.auth.refusals.rateLimited("attempts", wait);
  return {
    async succeeded() {
      if (accountKey !== undefined) await forgetQuietly(call, accountKey);
    },
  };
}

/** Counts a password that is tried for an account, and answers whether it is one too many without a captcha. */
export async function countGuess(call: RouteCall, account: string): Promise<Attempt & { readonly isTooMany: boolean }> {
  const key = accountDigest("beforeCaptcha", account);
  const wait = await reach(call, ({ limiter, limits }) => limiter.count(key, limits.beforeCaptcha));
  return { isTooMany: wait > 0, succeeded: () => forgetQuietly(call, key) };
}

/** What has succeeded is not undone because the count stays. */
async function forgetQuietly({ limiter }: RouteCall, key: string): Promise<void> {
  await limiter.forget(key).catch(() => undefined);
}

function accountDigest(what: keyof AttemptLimits, account: string): string {
  return digest(what, "account", account.trim().toLowerCase());
}

/** Whether something that may be used once is used for the first time, in all processes that share the limiter. */
export async function useOnce(call: RouteCall, what: string, withinSeconds: number): Promise<boolean> {
  const limit = { attempts: 1, perSeconds: withinSeconds };
  return (await reach(call, ({ limiter }) => limiter.count(digest("once", what), limit))) === 0;
}

async function reach<Value>(call: RouteCall, act: (call: RouteCall) => Promise<Value>): Promise<Value> {
  try {
    return await act(call);
  } catch (cause) {
    throw call.auth.refusals.serviceUnavailable("attempt_limiter", 5, cause);
  }
}

/** The keys go to a store that others may read. */
function digest(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("base64url");
}

/** Whoever has one address of IPv6 has the 2^64 around it (RFC 6177): they count as one. */
function networkOf(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped !== undefined || !isIPv6(ip)) return mapped ?? ip;
  const [head = "", tail] = ip.toLowerCase().split("%", 1).join("").split("::");
  const [before, after] = [head, tail ?? ""].map((half) => half.split(":").filter((group) => group !== ""));
  const zeros = Math.max(0, 8 - (before?.length ?? 0) - (after?.length ?? 0));
  const groups = [...(before ?? []), ...Array<string>(tail === undefined ? 0 : zeros).fill("0"), ...(after ?? [])];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}
