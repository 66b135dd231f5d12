import { createCloudbaseAuth } from "@cloudbase-auth/core";
import type { AuthErrorCode, AuthErrorReason, IntrospectionCache } from "@cloudbase-auth/core";
import type { OneEnvironment } from "../configuration.ts";

/** What the core says of a token under some options. */
export type Verdict =
  | {
      readonly state: "accepted";
      /** What `requireUser()` says without a requirement. */ readonly guard: AuthErrorCode | undefined;
    }
  | {
      readonly state: "refused";
      readonly code: AuthErrorCode;
      readonly reason: AuthErrorReason | undefined;
      readonly status: number;
    }
  | { readonly state: "unknown" };

/** Exactly what a server with these options and these keys would say. */
export async function judgeWhole(token: string, options: OneEnvironment, keySets: string): Promise<Verdict> {
  const { now = Date.now } = options;
  // Keys are as old as they are; only the token is judged at another time.
  let clock = Date.now;
  const auth = createCloudbaseAuth({ ...options, now: () => clock() });
  // A set with no key for these algorithms cannot be taken over; the core then finds out for itself.
  await auth.importKeySets(keySets).catch(() => undefined);
  clock = now;
  return verdictOf(auth, token);
}

/**
 * What it would say of form and claims alone, by the core's own checks and without asking anybody: introspection needs no
 * key, and the word of the server that it needs is given here, for every token.
 */
export function judgeClaims(token: string, options: OneEnvironment): Promise<Verdict> {
  const { now = Date.now } = options;
  const vouching: IntrospectionCache = {
    load: () => Promise.resolve({ active: true, askedAt: now() }),
    save: () => Promise.resolve(),
  };
  const auth = createCloudbaseAuth({ ...options, verification: { mode: "introspection", cache: vouching } });
  return verdictOf(auth, token);
}

async function verdictOf(auth: ReturnType<typeof createCloudbaseAuth>, token: string): Promise<Verdict> {
  const result = await auth.authenticatePresented({ kind: "token", credentials: `Bearer ${token}` });
  const refusal = await auth.authorize(result);
  await auth.close();
  switch (result.auth.state) {
    case "authenticated":
      return { state: "accepted", guard: refusal?.code };
    case "rejected": {
      const { code, reason, status } = result.auth.error;
      return { state: "refused", code, reason, status };
    }
    case "absent":
    case "unavailable":
      return { state: "unknown" };
  }
}
