import { AuthError, createCloudbaseAuth, isAuthError } from "@cloudbase-auth/core";
import type { AuthResult, CloudbaseAuth } from "@cloudbase-auth/core";

/**
 * An instance that answers what it is told to, at once or late: for what cannot be seen from outside, such as whether
 * an adapter adds a promise of its own. Everything else is tested with the real core.
 */
export function createStandIn(answers: Partial<Pick<CloudbaseAuth, "authenticate" | "authorize">>): CloudbaseAuth {
  const { client, refusals } = createCloudbaseAuth({ envId: "nobody", endpoint: "http://127.0.0.1:1" });
  return {
    authenticate: () => nobody,
    authenticatePresented: () => nobody,
    authorize: () => undefined,
    authenticateUpgrade: () => Promise.resolve({ error: refusal }),
    watch() {
      throw new Error("a stand-in knows nobody to watch");
    },
    refusalOf: (error) => (isAuthError(error) ? error : undefined),
    ...{ client, refusals },
    readsBody: false,
    ready: () => Promise.resolve(),
    exportKeySets: () => "",
    importKeySets: () => Promise.resolve(),
    refresh: () => Promise.reject(new Error("no adapter refreshes")),
    revoke: () => Promise.resolve({ here: false, server: "not asked" }),
    revokeUser: () => Promise.resolve(),
    revokeEnvironment: () => Promise.resolve(),
    isUserRevoked: () => false,
    status: () => ({ environments: [], revocations: { entries: 0, store: "none", lastError: undefined, queued: 0 } }),
    close: () => Promise.reject(new Error("an instance that was handed in is not the adapter's to close")),
    ...answers,
  };
}

export const nobody: AuthResult = { auth: { state: "absent" }, user: undefined };

export const refusal: AuthError = new AuthError("forbidden", { headers: {} });

/** What a promise may be rejected with and a framework might take for "go on". */
export const oddRejections: readonly unknown[] = [undefined, null, 0, "", "route", "router"];
