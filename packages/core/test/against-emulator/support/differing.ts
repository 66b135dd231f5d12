import type { Dialect } from "./stage.ts";

/** What the skill text writes otherwise; a test holds this list against the wire. */
export const differing: readonly string[] = [
  ...["signIn", "signUp", "signInAnonymously", "verification.send", "verification.verify"],
  ...["refresh", "passwordGrant", "introspect", "revoke"],
  ...["user.changePassword", "user.delete", "providers.list"],
];

/** Every other request is the same in both dialects: its cases are played in one. */
export const isPlayedIn = (dialect: Dialect, call: string): boolean =>
  dialect === "documented" || differing.includes(call);
