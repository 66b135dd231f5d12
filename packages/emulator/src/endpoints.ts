import { signInAnonymously } from "./operations/anonymous.ts";
import { publishKeys } from "./operations/certs.ts";
import { introspect } from "./operations/introspect.ts";
import { deleteMe, readMe } from "./operations/me.ts";
import type { Call, ClientCall, Operation, UserCall } from "./operations/operation.ts";
import { changePassword } from "./operations/password.ts";
import { revoke, signOut } from "./operations/revoke.ts";
import { signIn } from "./operations/signin.ts";
import { signUp } from "./operations/signup.ts";
import { grantSudo } from "./operations/sudo.ts";
import { grantToken } from "./operations/token.ts";
import { sendVerification, verifyVerification } from "./operations/verification.ts";

/** What has to be in order before an operation runs. */
export type Admission =
  /** Nothing. */
  | { readonly auth: "none"; readonly operation: Operation<Call> }
  /** Client credentials are optional; those that are sent must be right. */
  | { readonly auth: "client"; readonly operation: Operation<ClientCall> }
  /** The same, and a Bearer that is sent without need must be valid: the real gateway refuses a stale one. */
  | { readonly auth: "client, no stale bearer"; readonly operation: Operation<ClientCall> }
  /** A valid access token as Bearer. */
  | { readonly auth: "user"; readonly operation: Operation<UserCall> };

export type Endpoint = Admission & { readonly method: "GET" | "POST" | "PATCH" | "DELETE"; readonly path: string };

/** The whole API. Where two official sources spell a path differently, both are here. */
export const endpoints: readonly Endpoint[] = [
  { method: "GET", path: "/auth/v1/certs", auth: "none", operation: publishKeys },

  { method: "POST", path: "/auth/v1/signin", auth: "client", operation: signIn },
  { method: "POST", path: "/auth/v1/signup", auth: "client", operation: signUp },
  {
    method: "POST",
    path: "/auth/v1/signin/anonymously",
    auth: "client, no stale bearer",
    operation: signInAnonymously,
  },
  {
    method: "POST",
    path: "/auth/v1/signin-anonymously",
    auth: "client, no stale bearer",
    operation: signInAnonymously,
  },
  { method: "POST", path: "/auth/v1/verification", auth: "client", operation: sendVerification },
  { method: "POST", path: "/auth/v1/verification/verify", auth: "client", operation: verifyVerification },

  { method: "POST", path: "/auth/v1/token", auth: "client, no stale bearer", operation: grantToken },
  { method: "GET", path: "/auth/v1/token/introspect", auth: "client", operation: introspect },
  { method: "POST", path: "/auth/v1/revoke", auth: "client", operation: revoke },

  { method: "GET", path: "/auth/v1/user/me", auth: "user", operation: readMe },
  { method: "DELETE", path: "/auth/v1/user/me", auth: "user", operation: deleteMe },
  { method: "POST", path: "/auth/v1/user/signout", auth: "user", operation: signOut },
  { method: "POST", path: "/auth/v1/user/sudo", auth: "user", operation: grantSudo },
  { method: "PATCH", path: "/auth/v1/user/password", auth: "user", operation: changePassword },
];
