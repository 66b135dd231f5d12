import { AuthApiError } from "@cloudbase-auth/core";
import { openEnvironment } from "../configuration.ts";
import { reasonOf } from "../failure.ts";
import { failed, ok, skipped } from "../terminal/checklist.ts";
import type { Outcome } from "../terminal/checklist.ts";
import type { Facts } from "./token-facts.ts";

const ended = failed(
  "the server says that it is not valid any more: revoked, or signed out",
  "Sign in again. Verification local goes on accepting it until it expires; introspection and hybrid refuse it.",
);

/** Whether the server still vouches for a token. A token that is refused here goes nowhere: it may be somebody else's. */
export async function askServer(
  { token, claims, options }: Facts,
  { offline, accepted }: { readonly offline: boolean; readonly accepted: boolean | undefined },
): Promise<Outcome> {
  if (offline) return skipped("not asked whether it was revoked: --offline");
  if (accepted === undefined) return skipped("not asked whether it was revoked: it may be forged");
  if (!accepted) return skipped("not asked whether it was revoked, as it is refused anyway");
  const { auth } = openEnvironment(options);
  try {
    const answer = await auth.client.introspect({ accessToken: token });
    return answer.active && answer.sub === claims?.["sub"] ? ok("the server says that it is valid") : ended;
  } catch (error) {
    if (!(error instanceof AuthApiError)) throw error;
    if (error.kind === "unauthenticated") return ended;
    return skipped(`the server could not be asked whether it was revoked (${reasonOf(error)})`);
  } finally {
    await auth.close();
  }
}
