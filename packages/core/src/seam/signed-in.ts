import type { CloudbaseUser } from "../words/user.ts";
import { attachedTo } from "./adapter.ts";

/**
 * The user whom `cloudbaseAuth()` found, whatever name the property has.
 *
 * @throws Error if there is none, saying what is missing
 */
export function userOf(carrier: object): CloudbaseUser {
  const { user, auth } = attachedTo(carrier, "getUser()").result;
  if (user !== undefined) return user;
  throw new Error(`getUser() found nobody, as auth.state is ${auth.state}; put requireUser() in front of the handler`);
}

/**
 * Makes sure that a handler whose type says so really finds `user` and `auth` where it looks for them.
 *
 * @throws Error if they are not there
 */
export function assertInPlace(carrier: object, holder: { readonly user?: unknown; readonly auth?: unknown }): void {
  const { user, auth } = attachedTo(carrier, "handler()").result;
  if (holder.user === user && holder.auth === auth) return;
  throw new Error(
    "handler() gives its handler user and auth, but option property named them otherwise, or something else overwrote them; take a plain handler and getUser()",
  );
}
