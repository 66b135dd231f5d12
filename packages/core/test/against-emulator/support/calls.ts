import type { AuthClient, CallOptions } from "../../../src/index.ts";
import type { MethodName } from "./methods.ts";
import { apiKey } from "./stage.ts";

/** A call of the client as simple as can be; every secret in it has "sentinel" in it. */
export interface PlainCall {
  /** As the documented dialect has it. */
  readonly endpoint: string;
  /** Who makes it: a client, a user, the owner of an API key, or whoever holds the token. */
  readonly as: "client" | "user" | "owner" | "holder";
  readonly call: (client: AuthClient, options?: CallOptions, accessToken?: string) => Promise<object>;
}

const token = "sentinel-access-token";
const email = "li@example.com";
const providerId = "demo_provider";
const redirectUri = "https://app.example/back";
const providerToken = "sentinel-provider-token";
const sudoToken = "sentinel-sudo-token";
const verificationToken = "sentinel-verification-token";
const password = "sentinel-password";

/** Every method that sends a request. */
export const calls: Readonly<Record<Exclude<MethodName, "createTicket">, PlainCall>> = {
  signIn: post("signin", "client", (client, options) => client.signIn({ username: "li", password }, options)),
  signUp: post("signup", "client", (client, options) => client.signUp({ email, verificationToken }, options)),
  signInAnonymously: post("signin/anonymously", "client", (client, options) => client.signInAnonymously({}, options)),
  signInWithProvider: post("signin/with/provider", "client", (client, options) =>
    client.signInWithProvider({ providerToken }, options),
  ),
  signInWithTicket: post("signin/custom", "client", (client, options) =>
    client.signInWithTicket({ ticket: "sentinel-ticket" }, options),
  ),
  signInWithToken: post("signin/token", "client", (client, options) =>
    client.signInWithToken({ signinToken: "sentinel-token" }, options),
  ),
  signInWithWechat: post("signin/wechat/noauth", "client", (client, options) => client.signInWithWechat(options)),
  "verification.send": post("verification", "client", (client, options) =>
    client.verification.send({ email }, options),
  ),
  "verification.verify": post("verification/verify", "client", (client, options) =>
    client.verification.verify({ verificationId: "sentinel-id", verificationCode: "sentinel-code" }, options),
  ),
  resetPassword: post("reset", "client", (client, options) =>
    client.resetPassword({ email, newPassword: password, verificationToken }, options),
  ),
  refresh: post("token", "client", (client, options) =>
    client.refresh({ refreshToken: "sentinel-refresh-token" }, options),
  ),
  passwordGrant: post("token", "client", (client, options) =>
    client.passwordGrant({ username: "li", password }, options),
  ),
  clientCredential: post("token/clientCredential", "owner", (client, options) =>
    client.clientCredential(apiKey, options),
  ),
  introspect: get("token/introspect", "holder", (client, options, accessToken = token) =>
    client.introspect({ accessToken }, options),
  ),
  revoke: post("revoke", "holder", (client, options, accessToken = token) => client.revoke({ accessToken }, options)),
  signOut: post("user/signout", "user", (client, options, accessToken = token) =>
    client.signOut({ accessToken }, options),
  ),
  "user.me": get("user/me", "user", (client, options, accessToken = token) => client.user.me({ accessToken }, options)),
  "user.query": get("user/query", "user", (client, options, accessToken = token) =>
    client.user.query({ accessToken, email }, options),
  ),
  "user.exists": get("checkIfUserExist", "client", (client, options) =>
    client.user.exists({ username: "li" }, options),
  ),
  "user.checkUsername": get("checkUsername", "user", (client, options, accessToken = token) =>
    client.user.checkUsername({ accessToken, username: "li" }, options),
  ),
  "user.history": get("user/security/history", "user", (client, options, accessToken = token) =>
    client.user.history({ accessToken, of: "logins", limit: 1 }, options),
  ),
  "user.wedaInfo": get("plugin/weda/userinfo", "user", (client, options, accessToken = token) =>
    client.user.wedaInfo({ accessToken }, options),
  ),
  "user.revokeAll": at("DELETE", "user/revoke/all", "user", (client, options, accessToken = token) =>
    client.user.revokeAll({ accessToken }, options),
  ),
  "user.revokeDevice": at("DELETE", "user/authorized/devices/d", "user", (client, options, accessToken = token) =>
    client.user.revokeDevice({ accessToken, device: "d" }, options),
  ),
  "user.sudo": post("user/sudo", "user", (client, options, accessToken = token) =>
    client.user.sudo({ accessToken, password }, options),
  ),
  "user.changePassword": at("PATCH", "user/password", "user", (client, options, accessToken = token) =>
    client.user.changePassword({ accessToken, newPassword: password, oldPassword: password, sudoToken }, options),
  ),
  "user.edit": post("user/basic/edit", "user", (client, options, accessToken = token) =>
    client.user.edit({ accessToken, password, newPassword: password }, options),
  ),
  "user.editProfile": at("PATCH", "user/profile", "user", (client, options, accessToken = token) =>
    client.user.editProfile({ accessToken, profile: { name: "n" } }, options),
  ),
  "user.changeContact": at("PATCH", "user/contact", "user", (client, options, accessToken = token) =>
    client.user.changeContact({ accessToken, email, sudoToken, verificationToken }, options),
  ),
  "user.delete": at("DELETE", "user/me", "user", (client, options, accessToken = token) =>
    client.user.delete({ accessToken, sudoToken }, options),
  ),
  "providers.redirectUri": get("provider/uri", "client", (client, options) =>
    client.providers.redirectUri({ providerId, redirectUri, state: "s" }, options),
  ),
  "providers.exchange": post("provider/token", "client", (client, options) =>
    client.providers.exchange({ providerId, code: "sentinel-code", redirectUri }, options),
  ),
  "providers.updateToken": at("PATCH", "provider/token", "client", (client, options) =>
    client.providers.updateToken({ providerToken, params: {} }, options),
  ),
  "providers.list": get("user/provider", "user", (client, options, accessToken = token) =>
    client.providers.list({ accessToken }, options),
  ),
  "providers.bind": post("user/provider/bind", "user", (client, options, accessToken = token) =>
    client.providers.bind({ accessToken, providerToken }, options),
  ),
  "providers.unbind": at("DELETE", "user/provider/demo_provider", "user", (client, options, accessToken = token) =>
    client.providers.unbind({ accessToken, providerId }, options),
  ),
  "providers.transfer": at("PATCH", "user/trans/by/provider", "user", (client, options, accessToken = token) =>
    client.providers.transfer({ accessToken, providerToken }, options),
  ),
  "providers.changeBound": post("user/provider/demo_provider/trans", "user", (client, options, accessToken = token) =>
    client.providers.changeBound({ accessToken, providerId, transferToken: "sentinel-token" }, options),
  ),
  "providers.subType": post("mgr/provider/providerSubType", "client", (client, options) =>
    client.providers.subType({ providerId }, options),
  ),
  "captcha.data": post("captcha/data", "client", (client, options) => client.captcha.data({}, options)),
  "captcha.verify": post("captcha/data/verify", "client", (client, options) =>
    client.captcha.verify({ token: "sentinel-token", key: "ABCD" }, options),
  ),
  "captcha.init": post("captcha/init", "client", (client, options) =>
    client.captcha.init({ redirectUri, state: "s" }, options),
  ),
};

function at(method: string, path: string, as: PlainCall["as"], call: PlainCall["call"]): PlainCall {
  return { endpoint: `${method} /auth/v1/${path}`, as, call };
}

function get(path: string, as: PlainCall["as"], call: PlainCall["call"]): PlainCall {
  return at("GET", path, as, call);
}

function post(path: string, as: PlainCall["as"], call: PlainCall["call"]): PlainCall {
  return at("POST", path, as, call);
}
