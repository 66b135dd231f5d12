import { AuthApiError } from "@cloudbase-auth/core";
import type { Caller } from "./caller.ts";
import { forget } from "./kept-for-browser.ts";
import { isAlive, isPassing } from "./late-sign-outs.ts";
import type { EndedSession } from "./late-sign-outs.ts";
import type { RouteCall } from "./route.ts";

/**
 * What the server knows of the end of a session: that it is over (`revoked`), that it will be told (`queued`), or that it
 * could not be told (`failed`), so that it is over here alone; `not asked` where there was nothing to tell.
 */
export type ServerTold = "revoked" | "queued" | "failed" | "not asked";

const toldWithinMs = 2_000;

/** Ends one session of the caller here, or all; nothing is asked of the server. @throws AuthError if a store is down */
export async function endHere(call: RouteCall, caller: Caller, which: "this" | "everywhere"): Promise<void> {
  const { session, user } = caller;
  if (session !== undefined) {
    if (which === "everywhere") await call.keeper.endAll(session);
    call.setCookies(await call.keeper.end(call.request, session));
    forgetBrowser(call);
  }
  if (which === "everywhere") await call.auth.revokeUser(user.id);
}

/** Takes away what is kept for a browser that belongs to nobody now. */
export function forgetBrowser(call: RouteCall): void {
  forget(call, "code", "proof", "picture", "captcha", "device");
}

/** Tells the server that a session is over: its refresh token first, then its access token. */
export async function tellServer(call: RouteCall, ended: EndedSession): Promise<ServerTold> {
  const { auth, lateSignOuts } = call;
  const { accessToken } = ended;
  if (!isAlive(ended, call.now())) {
    if (ended.refreshToken === undefined) return "not asked";
    return lateSignOuts.add(ended) ? "queued" : "failed";
  }
  // It ends the refresh token too, which `revoke` may leave alive.
  const untold = await auth.client.signOut({ accessToken }, { timeoutMs: toldWithinMs }).then(() => undefined, told);
  const isLate = untold !== undefined && isPassing(untold) && lateSignOuts.add(ended);
  try {
    const { server } = await auth.revoke(accessToken);
    return isLate ? "queued" : server;
  } catch (error) {
    return pass(error);
  }
}

/** The same for all sessions of the user. */
export async function tellServerOfAll(call: RouteCall, accessToken: string): Promise<ServerTold> {
  try {
    await call.auth.client.user.revokeAll({ accessToken }, { timeoutMs: toldWithinMs });
    return "revoked";
  } catch (error) {
    return pass(error);
  }
}

function pass(error: unknown): "failed" {
  told(error);
  return "failed";
}

/** What the server said; anything else is a fault of ours. */
function told(error: unknown): AuthApiError {
  if (error instanceof AuthApiError) return error;
  throw error;
}
