import type { AuthError, CloudbaseAuth, TokenSet } from "@cloudbase-auth/core";
import type { Session } from "./keeper.ts";

/** Whose tokens they are. */
export type Identity = Pick<Session, "environment" | "userId" | "isAnonymous" | "grantedScope">;
export type TokenPart = Pick<Session, "accessToken" | "accessTokenEndsAt" | "refreshToken" | "renewedAt">;

/**
 * Verifies tokens that the server gave, and says whose they are.
 *
 * @throws AuthError (rejects) `service_unavailable` if they cannot be verified, or are no good: both is ours to mend
 */
export async function identify(auth: Identifying, { accessToken }: TokenSet): Promise<Identity> {
  const { auth: how, user } = await verify(auth, accessToken);
  switch (how.state) {
    case "authenticated":
      if (user === undefined) break;
      return {
        ...{ environment: how.environment, userId: user.id, isAnonymous: user.isAnonymous },
        grantedScope: how.scopes.length === 0 ? undefined : how.scopes.join(" "),
      };
    case "unavailable":
      throw how.error;
    case "rejected":
      throw auth.refusals.serviceUnavailable("internal", mendedInSeconds(how.error), how.error);
    case "absent":
  }
  throw auth.refusals.serviceUnavailable("internal", 5, new Error("the server gave no access token"));
}

/**
 * When tokens that the server has just given may be accepted that are not. `iat` is in whole seconds, so a sign-out
 * everywhere also ends what is issued after it in its own second; no token can show that it came later.
 */
export function mendedInSeconds({ reason }: AuthError): number {
  return reason === "revoked" ? 1 : 5;
}

/** What verifying needs of an instance. */
export type Identifying = Pick<CloudbaseAuth, "authenticatePresented" | "refusals">;

export function verify(auth: Identifying, accessToken: string): ReturnType<CloudbaseAuth["authenticatePresented"]> {
  return auth.authenticatePresented({ kind: "token", credentials: `Bearer ${accessToken}` });
}

/** What a session keeps of tokens. `before`: the refresh token stays if the server gave no other (RFC 6749 §6). */
export function tokenPart(tokens: TokenSet, before: string | undefined, now: number): TokenPart {
  const { accessToken, expiresInSeconds, refreshToken = before } = tokens;
  return { accessToken, accessTokenEndsAt: now + expiresInSeconds * 1_000, refreshToken, renewedAt: now };
}

/**
 * Whether tokens have more scope than the sign-in gave, which no refresh may do (RFC 6749 §6). Where the sign-in said
 * nothing of scope there is nothing to compare.
 */
export function isWidened({ grantedScope }: Session, scopes: readonly string[]): boolean {
  const granted = grantedScope?.split(" ");
  return granted !== undefined && !scopes.every((scope) => granted.includes(scope));
}
