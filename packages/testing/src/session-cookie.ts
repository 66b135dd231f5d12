import type { AuthRequest, TokenSet } from "@cloudbase-auth/core";

/** As much of `createSessions()` of `@cloudbase-auth/sessions` as a sign-in needs. */
export interface SignInSessions {
  readonly keeper: { start(request: AuthRequest, tokens: TokenSet): Promise<readonly string[]> };
}

/**
 * What a signed-in browser sends: the cookie, and the header by which a client that is no browser shows that no page of
 * somebody else made it send this.
 */
export type SessionHeaders = { readonly cookie: string; readonly "x-cb-csrf": "1" };

/** @throws Error (rejects) if the sessions are of another environment */
export async function startSession({ keeper }: SignInSessions, tokens: TokenSet): Promise<SessionHeaders> {
  let lines: readonly string[];
  try {
    lines = await keeper.start({ method: "POST", headers: {} }, tokens);
  } catch (cause) {
    const fix = "make it with createSessions({ auth: createCloudbaseAuth(testAuth.options), … })";
    throw new Error(`option session did not accept the tokens of this createTestAuth(); ${fix}`, { cause });
  }
  const cookie = lines.map((line) => line.split(";", 1)[0] ?? "").join("; ");
  return { cookie, "x-cb-csrf": "1" };
}
