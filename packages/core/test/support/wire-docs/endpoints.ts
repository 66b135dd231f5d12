/** What is written of one endpoint, and by whom. */
export interface EndpointFacts {
  /** As `POST /auth/v1/token`; a part with a colon may be anything. */
  readonly endpoint: string;
  /** How the HTTP skill text calls it; `undefined` if it does not. */
  readonly skill?: string;
  /** What the HTTP API documentation says of it. */
  readonly documented: "yes" | "in an older page" | "in the SDK's pages" | "by the official skill only" | "no";
  /** Whether the official web SDK (`@cloudbase/oauth`) calls it. */
  readonly sdk: "yes" | "no" | "in Node's only" | "a constant, never called";
  /** What the emulator does beyond, or short of, what is documented. */
  readonly emulator?: string;
}

/** A part of the API, in the order of its documentation. */
export interface EndpointGroup {
  readonly title: string;
  readonly endpoints: readonly EndpointFacts[];
}

const basic = "Basic";

/** The whole API of this release: one row an endpoint. The client's column is made from what the client really sends. */
export const endpointGroups: readonly EndpointGroup[] = [
  {
    title: "Sign-in, sign-up, sign-out",
    endpoints: [
      { endpoint: "POST /auth/v1/signin", skill: basic, documented: "yes", sdk: "yes" },
      { endpoint: "POST /auth/v1/signin/anonymously", documented: "yes", sdk: "yes" },
      {
        endpoint: "POST /auth/v1/signin-anonymously",
        skill: basic,
        documented: "no",
        sdk: "no",
        emulator: "the same as `signin/anonymously`; refused with `strict`",
      },
      {
        endpoint: "POST /auth/v1/signup",
        skill: `${basic}, \`verification_code\` beside the token`,
        documented: "yes",
        sdk: "yes",
      },
      { endpoint: "POST /auth/v1/signin/with/provider", documented: "yes", sdk: "yes" },
      {
        endpoint: "POST /auth/v1/signin/custom",
        documented: "yes",
        sdk: "yes",
        emulator: "tickets are checked with the real key",
      },
      {
        endpoint: "POST /auth/v1/signin/token",
        documented: "in an older page",
        sdk: "no",
        emulator: "501: where a `signin_token` comes from is not documented",
      },
      {
        endpoint: "POST /auth/v1/signin/wechat/noauth",
        documented: "no",
        sdk: "yes",
        emulator: "501: it needs a WeChat mini program",
      },
      { endpoint: "POST /auth/v1/reset", documented: "yes", sdk: "yes" },
      { endpoint: "POST /auth/v1/user/signout", documented: "yes", sdk: "yes" },
    ],
  },
  {
    title: "Codes",
    endpoints: [
      {
        endpoint: "POST /auth/v1/verification",
        skill: `${basic}, no \`target\``,
        documented: "yes",
        sdk: "yes",
        emulator: "the code is in the inbox",
      },
      { endpoint: "POST /auth/v1/verification/verify", skill: basic, documented: "yes", sdk: "yes" },
    ],
  },
  {
    title: "Captcha",
    endpoints: [
      { endpoint: "POST /auth/v1/captcha/data", documented: "yes", sdk: "yes", emulator: "the answer is in the inbox" },
      { endpoint: "POST /auth/v1/captcha/data/verify", documented: "yes", sdk: "yes" },
      { endpoint: "POST /auth/v1/captcha/init", documented: "in an older page", sdk: "a constant, never called" },
    ],
  },
  {
    title: "Tokens and keys",
    endpoints: [
      { endpoint: "POST /auth/v1/token", skill: basic, documented: "yes", sdk: "yes" },
      {
        endpoint: "POST /auth/v1/token/clientCredential",
        documented: "yes",
        sdk: "in Node's only",
        emulator: "Basic with a cloud API key; not the TC3 signature",
      },
      { endpoint: "POST /auth/v1/revoke", skill: basic, documented: "yes", sdk: "yes" },
      { endpoint: "GET /auth/v1/token/introspect", skill: `${basic}, \`?token=\``, documented: "yes", sdk: "no" },
      {
        endpoint: "GET /auth/v1/certs",
        documented: "by the official skill only",
        sdk: "no",
        emulator: "two keys, rotated on demand",
      },
    ],
  },
  {
    title: "Third parties",
    endpoints: [
      {
        endpoint: "GET /auth/v1/provider/uri",
        documented: "yes",
        sdk: "yes",
        emulator: "leads to a consent page of its own",
      },
      { endpoint: "POST /auth/v1/provider/token", documented: "yes", sdk: "yes" },
      { endpoint: "PATCH /auth/v1/provider/token", documented: "no", sdk: "yes" },
      { endpoint: "POST /auth/v1/mgr/provider/providerSubType", documented: "no", sdk: "yes" },
    ],
  },
  {
    title: "Users",
    endpoints: [
      { endpoint: "GET /auth/v1/user/me", skill: "Bearer", documented: "yes", sdk: "yes" },
      { endpoint: "POST /auth/v1/user/sudo", documented: "yes", sdk: "yes" },
      {
        endpoint: "PATCH /auth/v1/user/password",
        skill: "`old_password` and `new_password`, no sudo",
        documented: "yes",
        sdk: "yes",
      },
      { endpoint: "DELETE /auth/v1/user/me", skill: "no sudo", documented: "yes", sdk: "yes" },
      { endpoint: "POST /auth/v1/user/basic/edit", documented: "yes", sdk: "yes" },
      { endpoint: "PATCH /auth/v1/user/profile", documented: "no", sdk: "yes" },
      { endpoint: "PATCH /auth/v1/user/contact", documented: "no", sdk: "yes" },
      { endpoint: "GET /auth/v1/user/query", documented: "in the SDK's pages", sdk: "yes" },
      { endpoint: "GET /auth/v1/checkIfUserExist", documented: "no", sdk: "yes" },
      { endpoint: "GET /auth/v1/checkUsername", documented: "no", sdk: "yes" },
      { endpoint: "GET /auth/v1/user/security/history", documented: "no", sdk: "yes" },
      { endpoint: "DELETE /auth/v1/user/revoke/all", documented: "no", sdk: "yes" },
      { endpoint: "DELETE /auth/v1/user/authorized/devices/:device_id", documented: "no", sdk: "yes" },
      { endpoint: "GET /auth/v1/user/provider", documented: "yes", sdk: "yes" },
      {
        endpoint: "GET /auth/v1/user/providers",
        skill: "Bearer",
        documented: "no",
        sdk: "no",
        emulator: "the same as `user/provider`; refused with `strict`",
      },
      { endpoint: "POST /auth/v1/user/provider/bind", documented: "yes", sdk: "yes" },
      { endpoint: "DELETE /auth/v1/user/provider/:provider_id", documented: "yes", sdk: "yes" },
      { endpoint: "PATCH /auth/v1/user/trans/by/provider", documented: "no", sdk: "yes" },
      {
        endpoint: "POST /auth/v1/user/provider/:provider_id/trans",
        documented: "no",
        sdk: "yes",
        emulator: "501: where a `provider_trans_token` comes from is not documented",
      },
      {
        endpoint: "GET /auth/v1/plugin/weda/userinfo",
        documented: "no",
        sdk: "yes",
        emulator: "501: the data of the low-code platform are not documented",
      },
    ],
  },
];
