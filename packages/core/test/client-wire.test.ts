import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAuthClient } from "../src/index.ts";
import type { AuthClient } from "../src/index.ts";
import { startRecorder } from "./support/recorder.ts";
import type { Recorder } from "./support/recorder.ts";

const identity = { envId: "demo", clientId: "my-client", clientSecret: "s:cret" };
const basic = `Basic ${Buffer.from("my-client:s:cret").toString("base64")}`;
const bearer = "Bearer at";

let recorder: Recorder;
let clients: Record<"documented" | "skill", AuthClient>;

beforeAll(async () => {
  recorder = await startRecorder();
  const common = { ...identity, endpoint: recorder.endpoint, deviceId: "device-1" };
  clients = { documented: createAuthClient(common), skill: createAuthClient({ ...common, dialect: "skill" }) };
});
afterAll(async () => {
  await clients.documented.close();
  await clients.skill.close();
  await recorder.close();
});

/** Request line, Authorization and body, each exactly as it must be on the wire. */
type Wire = readonly [line: string, authorization: string | undefined, body: object | undefined];

interface Row {
  readonly title: string;
  readonly call: (client: AuthClient) => Promise<object>;
  readonly documented: Wire;
  /** @default the documented one */
  readonly skill?: Wire;
}

const id = "client_id=my-client";
const at = { accessToken: "at" };

const rows: readonly Row[] = [
  {
    title: "signIn with a password",
    call: (client) => client.signIn({ username: "+86 13800000000", password: "p" }),
    documented: [`POST /auth/v1/signin?${id}`, undefined, { username: "+86 13800000000", password: "p" }],
    skill: ["POST /auth/v1/signin", basic, { username: "+86 13800000000", password: "p" }],
  },
  {
    title: "signIn with a code",
    call: (client) => client.signIn({ verificationToken: "vt" }),
    documented: [`POST /auth/v1/signin?${id}`, undefined, { verification_token: "vt" }],
    skill: ["POST /auth/v1/signin", basic, { verification_token: "vt" }],
  },
  {
    title: "signUp by phone",
    call: (client) =>
      client.signUp({
        phoneNumber: "+86 13800000000",
        verificationToken: "vt",
        verificationCode: "123456",
        username: "u",
        password: "p",
        name: "n",
      }),
    documented: [
      `POST /auth/v1/signup?${id}`,
      undefined,
      { phone_number: "+86 13800000000", verification_token: "vt", username: "u", password: "p", name: "n" },
    ],
    skill: [
      "POST /auth/v1/signup",
      basic,
      {
        phone_number: "+86 13800000000",
        verification_token: "vt",
        verification_code: "123456",
        username: "u",
        password: "p",
        name: "n",
      },
    ],
  },
  {
    title: "signUp by provider, with everything else",
    call: (client) =>
      client.signUp({ providerToken: "pt", gender: "MALE", picture: "p", locale: "zh", anonymousToken: "aat" }),
    documented: [
      `POST /auth/v1/signup?${id}`,
      undefined,
      { provider_token: "pt", gender: "MALE", picture: "p", locale: "zh", anonymous_token: "aat" },
    ],
    skill: [
      "POST /auth/v1/signup",
      basic,
      { provider_token: "pt", gender: "MALE", picture: "p", locale: "zh", anonymous_token: "aat" },
    ],
  },
  {
    title: "signInAnonymously",
    call: (client) => client.signInAnonymously(),
    documented: [`POST /auth/v1/signin/anonymously?${id}`, undefined, {}],
    skill: ["POST /auth/v1/signin-anonymously", basic, {}],
  },
  {
    title: "signInWithProvider",
    call: (client) =>
      client.signInWithProvider({
        providerToken: "pt",
        providerId: "wx_open",
        forceDisableSignUp: true,
        syncProfile: false,
      }),
    documented: [
      `POST /auth/v1/signin/with/provider?${id}`,
      undefined,
      { provider_token: "pt", provider_id: "wx_open", force_disable_sign_up: true, sync_profile: false },
    ],
  },
  {
    title: "signInWithTicket",
    call: (client) => client.signInWithTicket({ ticket: "t" }),
    documented: [`POST /auth/v1/signin/custom?${id}`, undefined, { provider_id: "custom", ticket: "t" }],
  },
  {
    title: "signInWithToken",
    call: (client) => client.signInWithToken({ signinToken: "t", provider: "access_point" }),
    documented: [`POST /auth/v1/signin/token?${id}`, undefined, { signin_token: "t", provider: "access_point" }],
  },
  {
    title: "signInWithWechat",
    call: (client) => client.signInWithWechat(),
    documented: [`POST /auth/v1/signin/wechat/noauth?${id}`, undefined, {}],
  },
  {
    title: "verification.send, target by default",
    call: (client) => client.verification.send({ phoneNumber: "+86 13800000000" }),
    documented: [`POST /auth/v1/verification?${id}`, undefined, { phone_number: "+86 13800000000", target: "ANY" }],
    skill: ["POST /auth/v1/verification", basic, { phone_number: "+86 13800000000" }],
  },
  {
    title: "verification.send for a signed-in user",
    call: (client) =>
      client.verification.send({
        email: "a@b.example",
        target: "CUR_USER",
        usage: "EMAIL_ADDRESS_CHANGE",
        emailRedirectTo: "https://a.example",
        ...at,
      }),
    documented: [
      "POST /auth/v1/verification",
      bearer,
      {
        email: "a@b.example",
        target: "CUR_USER",
        usage: "EMAIL_ADDRESS_CHANGE",
        email_redirect_to: "https://a.example",
      },
    ],
    skill: [
      "POST /auth/v1/verification",
      bearer,
      { email: "a@b.example", usage: "EMAIL_ADDRESS_CHANGE", email_redirect_to: "https://a.example" },
    ],
  },
  {
    title: "verification.verify",
    call: (client) => client.verification.verify({ verificationId: "vi", verificationCode: "123456" }),
    documented: [
      `POST /auth/v1/verification/verify?${id}`,
      undefined,
      { verification_id: "vi", verification_code: "123456" },
    ],
    skill: ["POST /auth/v1/verification/verify", basic, { verification_id: "vi", verification_code: "123456" }],
  },
  {
    title: "resetPassword",
    call: (client) => client.resetPassword({ email: "a@b.example", newPassword: "n", verificationToken: "vt" }),
    documented: [
      `POST /auth/v1/reset?${id}`,
      undefined,
      { email: "a@b.example", new_password: "n", verification_token: "vt" },
    ],
  },
  {
    title: "captcha.data",
    call: (client) => client.captcha.data({ state: "s", redirectUri: "" }),
    documented: [`POST /auth/v1/captcha/data?${id}`, undefined, { state: "s", redirect_uri: "" }],
  },
  {
    title: "captcha.verify",
    call: (client) => client.captcha.verify({ token: "k", key: "abcd" }),
    documented: [`POST /auth/v1/captcha/data/verify?${id}`, undefined, { token: "k", key: "abcd" }],
  },
  {
    title: "captcha.init",
    call: (client) => client.captcha.init({ redirectUri: "https://a.example", state: "s" }),
    documented: [`POST /auth/v1/captcha/init?${id}`, undefined, { redirect_uri: "https://a.example", state: "s" }],
  },
  {
    title: "refresh",
    call: (client) => client.refresh({ refreshToken: "rt" }),
    documented: [
      `POST /auth/v1/token?${id}`,
      undefined,
      { grant_type: "refresh_token", refresh_token: "rt", client_id: "my-client", client_secret: "s:cret" },
    ],
    skill: ["POST /auth/v1/token", basic, { grant_type: "refresh_token", refresh_token: "rt" }],
  },
  {
    title: "passwordGrant",
    call: (client) => client.passwordGrant({ username: "u", password: "p" }),
    documented: [
      `POST /auth/v1/token?${id}`,
      undefined,
      { grant_type: "password", username: "u", password: "p", client_id: "my-client", client_secret: "s:cret" },
    ],
    skill: ["POST /auth/v1/token", basic, { grant_type: "password", username: "u", password: "p" }],
  },
  {
    title: "clientCredential",
    call: (client) => client.clientCredential({ secretId: "sid", secretKey: "sk" }),
    documented: [
      "POST /auth/v1/token/clientCredential",
      `Basic ${Buffer.from("sid:sk").toString("base64")}`,
      { grant_type: "client_credentials" },
    ],
  },
  {
    title: "revoke",
    call: (client) => client.revoke(at),
    documented: ["POST /auth/v1/revoke", bearer, { token: "at" }],
    skill: ["POST /auth/v1/revoke", basic, { token: "at" }],
  },
  {
    title: "introspect",
    call: (client) => client.introspect(at),
    documented: ["GET /auth/v1/token/introspect", bearer, undefined],
    skill: ["GET /auth/v1/token/introspect?token=at", basic, undefined],
  },
  {
    title: "signOut",
    call: (client) => client.signOut({ ...at, redirectUri: "https://a.example", state: "s" }),
    documented: ["POST /auth/v1/user/signout", bearer, { redirect_uri: "https://a.example", state: "s" }],
  },
  {
    title: "providers.redirectUri",
    call: (client) =>
      client.providers.redirectUri({
        providerId: "wx_open",
        redirectUri: "https://a.example/cb",
        state: "s",
        otherParams: { sign_out_uri: "u" },
      }),
    documented: [
      `GET /auth/v1/provider/uri?provider_id=wx_open&redirect_uri=https%3A%2F%2Fa.example%2Fcb&state=s&other_params%5Bsign_out_uri%5D=u&${id}`,
      undefined,
      undefined,
    ],
  },
  {
    title: "providers.exchange",
    call: (client) =>
      client.providers.exchange({ providerId: "wx_open", code: "c", redirectUri: "https://a.example/cb" }),
    documented: [
      `POST /auth/v1/provider/token?${id}`,
      undefined,
      { provider_id: "wx_open", provider_code: "c", provider_redirect_uri: "https://a.example/cb" },
    ],
  },
  {
    title: "providers.updateToken",
    call: (client) => client.providers.updateToken({ providerToken: "pt", params: { encryptedData: "e", iv: "i" } }),
    documented: [
      `PATCH /auth/v1/provider/token?${id}`,
      undefined,
      { provider_token: "pt", provider_params: { encryptedData: "e", iv: "i" } },
    ],
  },
  {
    title: "providers.list",
    call: (client) => client.providers.list(at),
    documented: ["GET /auth/v1/user/provider", bearer, undefined],
    skill: ["GET /auth/v1/user/providers", bearer, undefined],
  },
  {
    title: "providers.bind",
    call: (client) => client.providers.bind({ ...at, providerToken: "pt" }),
    documented: ["POST /auth/v1/user/provider/bind", bearer, { provider_token: "pt" }],
  },
  {
    title: "providers.unbind",
    call: (client) => client.providers.unbind({ ...at, providerId: "a/b", withUserCenter: true }),
    documented: ["DELETE /auth/v1/user/provider/a%2Fb?with_user_center=true", bearer, undefined],
  },
  {
    title: "providers.transfer",
    call: (client) => client.providers.transfer({ ...at, providerToken: "pt" }),
    documented: ["PATCH /auth/v1/user/trans/by/provider", bearer, { provider_token: "pt" }],
  },
  {
    title: "providers.changeBound",
    call: (client) => client.providers.changeBound({ ...at, providerId: "wx_open", transferToken: "tt" }),
    documented: ["POST /auth/v1/user/provider/wx_open/trans", bearer, { provider_trans_token: "tt" }],
  },
  {
    title: "providers.subType",
    call: (client) => client.providers.subType(),
    documented: [`POST /auth/v1/mgr/provider/providerSubType?${id}`, undefined, { provider_id: "weda" }],
  },
  {
    title: "user.me",
    call: (client) => client.user.me({ ...at, withRole: true }),
    documented: ["GET /auth/v1/user/me?with_role=true", bearer, undefined],
  },
  {
    title: "user.sudo",
    call: (client) => client.user.sudo({ ...at, password: "p" }),
    documented: ["POST /auth/v1/user/sudo", bearer, { password: "p" }],
  },
  {
    title: "user.changePassword",
    call: (client) => client.user.changePassword({ ...at, sudoToken: "st", oldPassword: "o", newPassword: "n" }),
    documented: [
      "PATCH /auth/v1/user/password?sudo_token=st",
      bearer,
      { new_password: "n", old_password: "o", sudo_token: "st" },
    ],
    skill: ["PATCH /auth/v1/user/password", bearer, { new_password: "n", old_password: "o" }],
  },
  {
    title: "user.delete",
    call: (client) => client.user.delete({ ...at, sudoToken: "st" }),
    documented: ["DELETE /auth/v1/user/me?sudo_token=st", bearer, undefined],
    skill: ["DELETE /auth/v1/user/me", bearer, undefined],
  },
  {
    title: "user.edit",
    call: (client) =>
      client.user.edit({ ...at, nickname: "n", avatarUrl: "a", gender: "FEMALE", newPassword: "np", password: "p" }),
    documented: [
      "POST /auth/v1/user/basic/edit",
      bearer,
      { nickname: "n", gender: "FEMALE", password: "p", avatar_url: "a", new_password: "np" },
    ],
  },
  {
    title: "user.editProfile",
    call: (client) => client.user.editProfile({ ...at, profile: { name: "n" } }),
    documented: ["PATCH /auth/v1/user/profile", bearer, { name: "n" }],
  },
  {
    title: "user.changeContact",
    call: (client) =>
      client.user.changeContact({
        ...at,
        phoneNumber: "+86 13900000000",
        sudoToken: "st",
        verificationToken: "vt",
        conflictResolution: "TRANSFER",
      }),
    documented: [
      "PATCH /auth/v1/user/contact",
      bearer,
      { phone_number: "+86 13900000000", sudo_token: "st", verification_token: "vt", conflict_resolution: "TRANSFER" },
    ],
  },
  {
    title: "user.query",
    call: (client) => client.user.query({ ...at, id: ["1", "2"], email: "a@b.example" }),
    documented: ["GET /auth/v1/user/query?id=1&id=2&email=a%40b.example", bearer, undefined],
  },
  {
    title: "user.exists",
    call: (client) => client.user.exists({ username: "u" }),
    documented: [`GET /auth/v1/checkIfUserExist?username=u&${id}`, undefined, undefined],
  },
  {
    title: "user.checkUsername",
    call: (client) => client.user.checkUsername({ ...at, username: "u" }),
    documented: ["GET /auth/v1/checkUsername?username=u", bearer, undefined],
  },
  {
    title: "user.history",
    call: (client) => client.user.history({ ...at, of: "changes", limit: 10, pageToken: "p" }),
    documented: [
      "GET /auth/v1/user/security/history?ne_query%5Baction%5D=USER_LOGIN&limit=10&page_token=p",
      bearer,
      undefined,
    ],
  },
  {
    title: "user.wedaInfo",
    call: (client) => client.user.wedaInfo(at),
    documented: ["GET /auth/v1/plugin/weda/userinfo", bearer, undefined],
  },
  {
    title: "user.revokeAll",
    call: (client) => client.user.revokeAll(at),
    documented: ["DELETE /auth/v1/user/revoke/all", bearer, undefined],
  },
  {
    title: "user.revokeDevice",
    call: (client) => client.user.revokeDevice({ ...at, device: "d/1" }),
    documented: ["DELETE /auth/v1/user/authorized/devices/d%2F1", bearer, undefined],
  },
];

describe.each(["documented", "skill"] as const)("the %s dialect", (dialect) => {
  it.each(rows)("$title", async (row) => {
    recorder.requests.length = 0;
    const answer = await row.call(clients[dialect]);
    const [request, more] = recorder.requests;
    expect(more).toBeUndefined();
    const [line, authorization, body] = dialect === "skill" ? (row.skill ?? row.documented) : row.documented;
    expect(request?.line).toBe(line);
    expect(request?.headers.authorization).toBe(authorization);
    expect(request?.body).toBe(body === undefined ? "" : JSON.stringify(body));
    expect(request?.headers["content-type"]).toBe(body === undefined ? undefined : "application/json");
    expect(request?.headers["x-device-id"]).toBe("device-1");
    expect(request?.headers["x-request-id"]).toMatch(/^[0-9a-f]{32}$/);
    expect(request?.headers["cookie"]).toBeUndefined();
    expect(answer).toMatchObject({ requestId: request?.headers["x-request-id"] });
  });
});

it("every call of the client is in the table", () => {
  const names = (object: object, prefix = ""): string[] =>
    Object.entries(object).flatMap(([name, value]: [string, unknown]) =>
      typeof value === "object" && value !== null ? names(value, `${prefix}${name}.`) : [`${prefix}${name}`],
    );
  const covered = new Set(rows.map(({ title }) => title.split(/[ ,]/)[0]));
  const missing = names(clients.documented).filter((name) => !covered.has(name));
  // What sends nothing.
  expect(missing).toEqual(["createTicket", "close"]);
});

it("no stale Bearer: neither /token nor anonymous sign-in carries an access token", async () => {
  recorder.requests.length = 0;
  await clients.documented.user.me(at);
  await clients.documented.refresh({ refreshToken: "rt" });
  await clients.documented.signInAnonymously();
  expect(recorder.requests.map(({ headers }) => headers.authorization)).toEqual([bearer, undefined, undefined]);
});
