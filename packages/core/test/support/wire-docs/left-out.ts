/** What only the official SDK's source mentions and neither side of this release has. */
export interface LeftOut {
  readonly endpoints: readonly string[];
  readonly what: string;
  readonly why: string;
}

export const leftOut: readonly LeftOut[] = [
  {
    endpoints: ["POST /auth/v1/user/authorize", "GET /auth/v1/user/authorize/info"],
    what: "the environment as an OAuth server for other applications",
    why: "every member of the answer is optional in the SDK's types; what is checked is not documented",
  },
  {
    endpoints: ["POST /auth/v1/device/code", "POST /auth/v1/user/device/authorize"],
    what: "device authorization (RFC 8628)",
    why: "neither the `grant_type` at `token` nor the errors while waiting are known",
  },
  {
    endpoints: [
      "POST /auth/v2/signin/username",
      "POST /auth/v2/signin/verificationcode",
      "POST /auth/v2/signin/with/provider",
      "POST /auth/v2/token",
      "GET /auth/v2/user/me",
    ],
    what: "paths under `/auth/v2`",
    why: "variants of what is here; what they do otherwise is not documented",
  },
  {
    endpoints: ["POST /auth/v2/signin/publichkey", "POST /auth/v2/signin/password/update"],
    what: "bodies encrypted with a key of the server (`publichkey` is spelled so)",
    why: "neither the padding nor the life of that key is documented",
  },
  {
    endpoints: ["POST /auth/v1/qrcode/generate", "POST /auth/v1/qrcode/get/status"],
    what: "signing in by QR code",
    why: "it needs a WeChat app, and the values of its `status` are not documented",
  },
];
