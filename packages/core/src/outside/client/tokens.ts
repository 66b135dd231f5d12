import { parseIntrospection, parseTokenSet } from "../../protocol/api-answers.ts";
import type { Introspected } from "../../protocol/api-answers.ts";
import { present, textMember } from "../../protocol/members.ts";
import { AuthApiError } from "../../words/api-error.ts";
import type { CallOptions } from "../../words/client-options.ts";
import type { RefreshEvent } from "../../words/diagnostics.ts";
import type { TokenSet } from "../../words/token-set.ts";
import type { Caller } from "../api-call.ts";
import { tell } from "../diagnostics.ts";
import { done, readAs } from "./context.ts";
import type { Answered, ClientContext } from "./context.ts";

/** What becomes of tokens; http-api/auth: auth-grant-token, auth-token-introspect, auth-revoke, auth-sign-out. */
export interface TokenCalls {
  /**
   * Exchanges a refresh token; the old one is dead at once. Never repeated by itself: after a failure without an answer
   * (`unavailable`) it is not known whether the old token still works. No access token is sent along, because the
   * gateway refuses a stale one here.
   */
  refresh(input: { readonly refreshToken: string }, options?: CallOptions): Promise<Answered<TokenSet>>;
  /** The `password` grant of the token endpoint; `signIn` is the documented way. */
  passwordGrant(
    input: { readonly username: string; readonly password: string },
    options?: CallOptions,
  ): Promise<Answered<TokenSet>>;
  /** Asks the server whether an access token is valid now, revocation included. */
  introspect(input: { readonly accessToken: string }, options?: CallOptions): Promise<Answered<Introspected>>;
  /** Makes an access token invalid at the server. Who verifies locally takes it until its `exp`. */
  revoke(input: { readonly accessToken: string }, options?: CallOptions): Promise<Answered<object>>;
  /** Ends the session of an access token: its refresh token too. */
  signOut(
    input: { readonly accessToken: string; readonly redirectUri?: string; readonly state?: string },
    options?: CallOptions,
  ): Promise<Answered<{ readonly redirectUri?: string }>>;
  /** An administrator's token for a cloud API key. Lives for days and may be throttled: keep it. */
  clientCredential(
    input: { readonly secretId: string; readonly secretKey: string },
    options?: CallOptions,
  ): Promise<Answered<TokenSet>>;
}

export function createTokenCalls({ environment, call, forms, clientId, clientSecret }: ClientContext): TokenCalls {
  const secretInBody = forms.tokenEndpointSecret === "client_id and client_secret in the body";
  const client: Caller = { kind: "client", basicInSkill: true };

  async function grant(
    name: string,
    fields: Readonly<Record<string, string>>,
    options?: CallOptions,
  ): Promise<Answered<TokenSet>> {
    const secret = secretInBody ? { client_id: clientId, client_secret: clientSecret } : {};
    const result = await call(
      { name, method: "POST", path: "/auth/v1/token", as: client, body: { ...fields, ...secret } },
      options,
    );
    return readAs(name, result, parseTokenSet);
  }

  return {
    refresh: ({ refreshToken }, options) =>
      toldOf(environment, grant("refresh", { grant_type: "refresh_token", refresh_token: refreshToken }, options)),
    passwordGrant: ({ username, password }, options) =>
      grant("passwordGrant", { grant_type: "password", username, password }, options),
    async introspect({ accessToken }, options) {
      const byQuery = forms.introspectedToken === "token in the query, with Basic";
      const result = await call(
        {
          name: "introspect",
          method: "GET",
          path: "/auth/v1/token/introspect",
          as: byQuery ? client : { kind: "user", accessToken },
          query: { token: byQuery ? accessToken : undefined },
        },
        options,
      );
      return readAs("introspect", result, parseIntrospection);
    },
    async revoke({ accessToken }, options) {
      const as: Caller = forms.revocation === "token in the body, with Basic" ? client : { kind: "user", accessToken };
      return done(
        await call(
          { name: "revoke", method: "POST", path: "/auth/v1/revoke", as, body: { token: accessToken } },
          options,
        ),
      );
    },
    async signOut({ accessToken, redirectUri, state }, options) {
      const body = { redirect_uri: redirectUri, state };
      const as: Caller = { kind: "user", accessToken };
      const result = await call({ name: "signOut", method: "POST", path: "/auth/v1/user/signout", as, body }, options);
      return readAs("signOut", result, (answer) => present({ redirectUri: textMember(answer, "redirect_uri") }));
    },
    async clientCredential({ secretId, secretKey }, options) {
      const name = "clientCredential";
      const path = "/auth/v1/token/clientCredential";
      const as: Caller = { kind: "secret", secretId, secretKey };
      const result = await call(
        { name, method: "POST", path, as, body: { grant_type: "client_credentials" } },
        options,
      );
      return readAs(name, result, parseTokenSet);
    },
  };
}

/** Passes the outcome of a refresh on, and tells of it. */
async function toldOf<Value>(environment: string, refreshing: Promise<Value>): Promise<Value> {
  const startedAt = performance.now();
  const tellOf = (outcome: RefreshEvent["outcome"], kind: RefreshEvent["kind"]): void => {
    tell("cloudbase-auth:refresh", () => {
      return { environment, outcome, durationMs: performance.now() - startedAt, kind };
    });
  };
  try {
    const refreshed = await refreshing;
    tellOf("refreshed", undefined);
    return refreshed;
  } catch (error) {
    tellOf("failed", error instanceof AuthApiError ? error.kind : undefined);
    throw error;
  }
}
