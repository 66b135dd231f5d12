import { signInAnonymously } from "./operations/anonymous.ts";
import { createCaptcha, initCaptcha, verifyCaptcha } from "./operations/captcha.ts";
import { publishKeys } from "./operations/certs.ts";
import { grantClientCredential } from "./operations/client-credential.ts";
import { changeContact } from "./operations/contact.ts";
import { signInCustom } from "./operations/custom.ts";
import { revokeAll, revokeDevice } from "./operations/devices.ts";
import { editBasicInfo, editProfile } from "./operations/edit.ts";
import { introspect } from "./operations/introspect.ts";
import { deleteMe, readMe } from "./operations/me.ts";
import type { Call, ClientCall, Operation, UserCall } from "./operations/operation.ts";
import { changePassword } from "./operations/password.ts";
import { signInWithProvider } from "./operations/provider-signin.ts";
import { readProviderSubType } from "./operations/provider-subtype.ts";
import { createProviderUri, grantProviderToken, patchProviderToken } from "./operations/provider.ts";
import { checkIfUserExists, checkUsername, queryUsers } from "./operations/query.ts";
import { resetPassword } from "./operations/reset.ts";
import { revoke, signOut } from "./operations/revoke.ts";
import { readHistory } from "./operations/security-history.ts";
import { signIn } from "./operations/signin.ts";
import { signUp } from "./operations/signup.ts";
import { grantSudo } from "./operations/sudo.ts";
import { grantToken } from "./operations/token.ts";
import { unimplemented } from "./operations/unimplemented.ts";
import { bindProvider, listProviders, transferByProvider, unbindProvider } from "./operations/user-providers.ts";
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
  | {
      readonly auth: "user";
      readonly operation: Operation<UserCall>;
      /** The documentation has another name for a missing or bad token at some places. @default "unauthenticated" */
      readonly refusedAs?: "unauthorized";
    };

export type Endpoint = Admission & { readonly method: "GET" | "POST" | "PATCH" | "DELETE"; readonly path: string };

/** The endpoints at a path. A part with a colon in the table may be anything; a path in full goes before it. */
export function endpointsAt(all: readonly Endpoint[], path: string): readonly Endpoint[] {
  const exact = all.filter((endpoint) => endpoint.path === path);
  return exact.length > 0 ? exact : all.filter((endpoint) => fits(endpoint.path, path));
}

function fits(template: string, path: string): boolean {
  const wanted = template.split("/");
  const parts = path.split("/");
  return wanted.length === parts.length && wanted.every((part, at) => part.startsWith(":") || part === parts[at]);
}

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

  { method: "POST", path: "/auth/v1/signin/with/provider", auth: "client", operation: signInWithProvider },
  { method: "POST", path: "/auth/v1/signin/custom", auth: "client", operation: signInCustom },
  { method: "POST", path: "/auth/v1/reset", auth: "client", operation: resetPassword },
  { method: "GET", path: "/auth/v1/checkIfUserExist", auth: "client", operation: checkIfUserExists },
  { method: "GET", path: "/auth/v1/checkUsername", auth: "user", operation: checkUsername },

  { method: "POST", path: "/auth/v1/captcha/data", auth: "client", operation: createCaptcha },
  { method: "POST", path: "/auth/v1/captcha/data/verify", auth: "client", operation: verifyCaptcha },
  { method: "POST", path: "/auth/v1/captcha/init", auth: "client", operation: initCaptcha },

  { method: "GET", path: "/auth/v1/provider/uri", auth: "client", operation: createProviderUri },
  { method: "POST", path: "/auth/v1/provider/token", auth: "client", operation: grantProviderToken },
  { method: "PATCH", path: "/auth/v1/provider/token", auth: "client", operation: patchProviderToken },
  { method: "POST", path: "/auth/v1/mgr/provider/providerSubType", auth: "client", operation: readProviderSubType },

  { method: "POST", path: "/auth/v1/token/clientCredential", auth: "none", operation: grantClientCredential },
  { method: "POST", path: "/auth/v1/token", auth: "client, no stale bearer", operation: grantToken },
  { method: "GET", path: "/auth/v1/token/introspect", auth: "client", operation: introspect },
  { method: "POST", path: "/auth/v1/revoke", auth: "client", operation: revoke },

  { method: "GET", path: "/auth/v1/user/me", auth: "user", operation: readMe },
  { method: "DELETE", path: "/auth/v1/user/me", auth: "user", operation: deleteMe },
  { method: "POST", path: "/auth/v1/user/signout", auth: "user", operation: signOut },
  { method: "POST", path: "/auth/v1/user/sudo", auth: "user", operation: grantSudo },
  { method: "PATCH", path: "/auth/v1/user/password", auth: "user", operation: changePassword },
  { method: "PATCH", path: "/auth/v1/user/contact", auth: "user", operation: changeContact },
  { method: "POST", path: "/auth/v1/user/basic/edit", auth: "user", operation: editBasicInfo },
  { method: "PATCH", path: "/auth/v1/user/profile", auth: "user", operation: editProfile },
  { method: "GET", path: "/auth/v1/user/query", auth: "user", operation: queryUsers },
  { method: "GET", path: "/auth/v1/user/security/history", auth: "user", operation: readHistory },
  { method: "DELETE", path: "/auth/v1/user/revoke/all", auth: "user", operation: revokeAll },
  { method: "DELETE", path: "/auth/v1/user/authorized/devices/:device_id", auth: "user", operation: revokeDevice },
  { method: "GET", path: "/auth/v1/user/provider", auth: "user", operation: listProviders },
  { method: "GET", path: "/auth/v1/user/providers", auth: "user", operation: listProviders },
  {
    method: "POST",
    path: "/auth/v1/user/provider/bind",
    auth: "user",
    refusedAs: "unauthorized",
    operation: bindProvider,
  },
  {
    method: "DELETE",
    path: "/auth/v1/user/provider/:provider_id",
    auth: "user",
    refusedAs: "unauthorized",
    operation: unbindProvider,
  },
  { method: "PATCH", path: "/auth/v1/user/trans/by/provider", auth: "user", operation: transferByProvider },

  // There, but too little is known of them.
  {
    method: "POST",
    path: "/auth/v1/signin/token",
    auth: "client",
    operation: unimplemented("where a signin_token comes from is not documented"),
  },
  {
    method: "POST",
    path: "/auth/v1/signin/wechat/noauth",
    auth: "client",
    operation: unimplemented("it needs a WeChat mini program"),
  },
  {
    method: "POST",
    path: "/auth/v1/user/provider/:provider_id/trans",
    auth: "user",
    operation: unimplemented("where a provider_trans_token comes from is not documented"),
  },
  {
    method: "GET",
    path: "/auth/v1/plugin/weda/userinfo",
    auth: "user",
    operation: unimplemented("the data of the low-code platform are not documented"),
  },
];

/** All of them as `POST /auth/v1/token`, the form in which `failNext` takes them; a part with a colon may be anything. */
export const endpointNames: readonly string[] = Object.freeze(endpoints.map(({ method, path }) => `${method} ${path}`));
