import { createHash } from "node:crypto";
import type { AttemptLimits } from "./attempt-limits.ts";
import { networkOf } from "./network.ts";
import type { RouteCall } from "./route.ts";

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
