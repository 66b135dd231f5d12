import { at, basic, bearer, id } from "./row.ts";
import type { WireRow } from "./row.ts";

export const codeAndTokenRows: readonly WireRow[] = [
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
];
