import { AsyncLocalStorage } from "node:async_hooks";
import type { Auth, AuthResult } from "../words/auth.ts";
import type { CloudbaseUser } from "../words/user.ts";
import { attachedTo } from "./adapter.ts";

// Of the module, as the functions below are: what a store holds belongs to the request that runs in it.
const current = new AsyncLocalStorage<AuthResult>();

/** The user of the request that is being handled, behind `authContext`; `undefined` outside and without a user. */
export function currentUser(): CloudbaseUser | undefined {
  return current.getStore()?.user;
}

/** How we know who sent the request that is being handled, behind `authContext`; `undefined` outside. */
export function currentAuth(): Auth | undefined {
  return current.getStore()?.auth;
}

/**
 * Goes on in a context that knows what `cloudbaseAuth()` left on the request.
 *
 * @throws Error if `cloudbaseAuth()` did not run before
 */
export function runAsCaller<T>(carrier: object, proceed: () => T): T {
  return current.run(attachedTo(carrier, "authContext").result, proceed);
}
