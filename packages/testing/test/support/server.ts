import { createCloudbaseAuth } from "@cloudbase-auth/core";
import type { AuthResult } from "@cloudbase-auth/core";
import type { TestAuth } from "@cloudbase-auth/testing";

export const quiet = { onWarning: () => undefined };

/** As a server does that was just started. */
export async function authenticate(
  headers: Readonly<Record<string, string>>,
  { options }: Pick<TestAuth, "options">,
): Promise<AuthResult> {
  return createCloudbaseAuth({ ...options, ...quiet }).authenticate({ headers });
}

/** State, status, code and reason; what was let in is its state alone. */
export function refusalOf({ auth, user }: AuthResult): readonly unknown[] {
  if (auth.state !== "rejected" && auth.state !== "unavailable") return [auth.state];
  return [auth.state, auth.error.status, auth.error.code, auth.error.reason, ...(user === undefined ? [] : [user])];
}
