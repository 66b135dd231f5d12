/** Which of the two written forms of the Auth API a client speaks. */
export type Dialect = "documented" | "skill";

/** What the two forms do differently: the whole of it. Everything that is not here is the same in both. */
export interface DialectForms {
  /** How the client says which it is, on the calls marked so. */
  readonly clientAuthentication: "client_id in the query" | "Basic";
  /** Where the client's secret goes at `POST /auth/v1/token`. */
  readonly tokenEndpointSecret: "client_id and client_secret in the body" | "Basic";
  readonly anonymousSignInPath: string;
  readonly providerListPath: string;
  readonly verificationTarget: "always sent" | "never sent";
  readonly signUpCode: "verification_token alone" | "verification_code beside it";
  readonly introspectedToken: "Bearer" | "token in the query, with Basic";
  readonly revocation: "Bearer and token in the body" | "token in the body, with Basic";
  readonly passwordChange: "sudo_token and new_password" | "old_password and new_password";
  readonly accountDeletion: "sudo_token" | "nothing but the access token";
}

/**
 * `documented` follows the HTTP API documentation (docs.cloudbase.net/http-api/auth); `skill` follows the HTTP skill text
 * that is published for coding agents and that many people's curl lines come from.
 */
export const dialects: Readonly<Record<Dialect, DialectForms>> = {
  documented: {
    clientAuthentication: "client_id in the query",
    tokenEndpointSecret: "client_id and client_secret in the body",
    anonymousSignInPath: "/auth/v1/signin/anonymously",
    providerListPath: "/auth/v1/user/provider",
    verificationTarget: "always sent",
    signUpCode: "verification_token alone",
    introspectedToken: "Bearer",
    revocation: "Bearer and token in the body",
    passwordChange: "sudo_token and new_password",
    accountDeletion: "sudo_token",
  },
  skill: {
    clientAuthentication: "Basic",
    tokenEndpointSecret: "Basic",
    anonymousSignInPath: "/auth/v1/signin-anonymously",
    providerListPath: "/auth/v1/user/providers",
    verificationTarget: "never sent",
    signUpCode: "verification_code beside it",
    introspectedToken: "token in the query, with Basic",
    revocation: "token in the body, with Basic",
    passwordChange: "old_password and new_password",
    accountDeletion: "nothing but the access token",
  },
};
