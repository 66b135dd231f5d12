import type { TokenSet } from "@cloudbase-auth/core";
import type { Session } from "../keeper.ts";
import type { Caller } from "./caller.ts";
import type { RouteCall } from "./route.ts";
import { beginSession, freshMs } from "./signed-in.ts";

/**
 * Goes on under another id, and ends the user's other sessions. The refresh token goes along, so it is exchanged once more
 * under the old id: whatever another tab has done, or is doing, with the old one, both come to the same new one.
 *
 * @throws AuthError `service_unavailable` if a store is down
 */
export async function moveOn(call: RouteCall, caller: Caller, session: Session): Promise<void> {
  const opened = await call.keeper.open(call.request);
  // Signed out in another tab, while this one was at it.
  if (opened.state === "none") return call.setCookies(opened.cookies);
  const tokens = await newestTokens(call, caller, opened.state === "open" ? opened.session : session);
  await call.keeper.endAll(session, "this");
  await beginSession(call, tokens);
}

async function newestTokens(call: RouteCall, { user }: Caller, session: Session): Promise<TokenSet> {
  const { id, environment, accessToken, accessTokenEndsAt, refreshToken, renewedAt } = session;
  const expiresInSeconds = Math.max(1, Math.floor((accessTokenEndsAt - call.now()) / 1_000));
  const kept = { accessToken, tokenType: "Bearer", expiresInSeconds, sub: user.id, groups: user.groups };
  if (refreshToken === undefined) return kept;
  if (call.now() - renewedAt < freshMs) return { ...kept, refreshToken };
  try {
    return await call.auth.refresh(refreshToken, { session: id, environment });
  } catch (error) {
    // What was asked for is done. A server that ends all refresh tokens of the user has left us the access token.
    return call.auth.refusalOf(error)?.code === "refresh_rejected" ? kept : { ...kept, refreshToken };
  }
}
