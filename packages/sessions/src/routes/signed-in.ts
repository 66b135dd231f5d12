import { randomBytes } from "node:crypto";
import type { CloudbaseUser, TokenSet } from "@cloudbase-auth/core";
import { mendedInSeconds } from "../identity.ts";
import type { Reply, RouteCall } from "./route.ts";

/** The members of the answer to every sign-in. */
export const signedInAnswers = { session: ["user"], tokens: ["user", "tokens"] } as const;

/**
 * The answer to whoever has just signed in: a session that begins or, in mode `tokens`, the tokens themselves.
 *
 * @throws AuthError `service_unavailable` if the session cannot be kept or the tokens not be verified
 */
export async function welcome(call: RouteCall, tokens: TokenSet): Promise<Reply> {
  const user = await userOf(call, tokens.accessToken);
  if (call.mode === "tokens") return { body: { user, tokens: tokensToTell(tokens) } };
  await beginSession(call, tokens);
  return { body: { user } };
}

/** Begins a session with an id of its own; the one that the request had is over, and so is its anonymous device. */
export async function beginSession(call: RouteCall, tokens: TokenSet): Promise<void> {
  call.setCookies(await call.keeper.start(call.request, tokens));
}

/** Tokens that are younger need no exchange: two tabs that ask at once, or a refresh that was due anyway. */
export const freshMs = 10_000;

/** What a client that keeps its tokens itself is told of them. */
export function tokensToTell({ accessToken, refreshToken, tokenType, expiresInSeconds }: TokenSet): object {
  return { accessToken, ...(refreshToken !== undefined && { refreshToken }), tokenType, expiresInSeconds };
}

/** @throws AuthError `service_unavailable`: a token that the server has just given and that is not accepted here */
export async function userOf(call: RouteCall, accessToken: string): Promise<CloudbaseUser> {
  const { refusals } = call.auth;
  const { auth, user } = await call.auth.authenticatePresented({
    kind: "token",
    credentials: `Bearer ${accessToken}`,
  });
  if (user !== undefined) return user;
  if (auth.state === "unavailable") throw auth.error;
  if (auth.state !== "rejected") throw refusals.serviceUnavailable("internal", 5, undefined);
  throw refusals.serviceUnavailable("internal", mendedInSeconds(auth.error), auth.error);
}

/** A device of its own for every session, so that CloudBase does not take all users of this server for one device. */
export function newDeviceId(): string {
  return randomBytes(16).toString("hex");
}
