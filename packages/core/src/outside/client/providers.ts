import { parseProviderToken, parseProviders, parseTokenSet } from "../../protocol/api-answers.ts";
import type { ProviderToken } from "../../protocol/api-answers.ts";
import { numberMember, present, textMember } from "../../protocol/members.ts";
import type { CallOptions } from "../../words/client-options.ts";
import type { Provider } from "../../words/profile.ts";
import type { TokenSet } from "../../words/token-set.ts";
import { done, readAs } from "./context.ts";
import type { Answered, ClientContext } from "./context.ts";

interface ByUser {
  readonly accessToken: string;
}

/** Third parties: 1 `redirectUri`, 2 the person comes back with a code, 3 `exchange`, 4 sign in, sign up or `bind`. */
export interface ProviderCalls {
  /** Where to send the person; http-api/auth/auth-gen-provider-redirect-uri. */
  redirectUri(
    input: {
      readonly providerId: string;
      readonly redirectUri: string;
      /** Unguessable, bound to the browser and used once: it is what keeps a foreign answer out. */
      readonly state: string;
      readonly scope?: string;
      readonly responseType?: string;
      readonly otherParams?: Readonly<Record<string, string>>;
    },
    options?: CallOptions,
  ): Promise<Answered<{ readonly uri: string; readonly signoutUri?: string }>>;
  /** Exchanges what the third party gave for a provider token; http-api/auth/auth-grant-provider-token. */
  exchange(
    input: {
      readonly providerId: string;
      readonly code?: string;
      readonly redirectUri?: string;
      readonly providerAccessToken?: string;
      readonly providerIdToken?: string;
      /** Under wire names, such as `provider_code_type` and `appid` for a mini program's phone code. */
      readonly params?: Readonly<Record<string, string>>;
    },
    options?: CallOptions,
  ): Promise<Answered<ProviderToken>>;
  /** Adds to a provider token what a mini program learnt later; in the official SDK only. */
  updateToken(
    input: {
      readonly providerToken: string;
      readonly providerId?: string;
      readonly params: Readonly<Record<string, string>>;
    },
    options?: CallOptions,
  ): Promise<Answered<ProviderToken>>;
  list(
    input: ByUser,
    options?: CallOptions,
  ): Promise<Answered<{ readonly total: number; readonly providers: readonly Provider[] }>>;
  bind(
    input: ByUser & { readonly providerToken: string; readonly withUserCenter?: boolean },
    options?: CallOptions,
  ): Promise<Answered<object>>;
  unbind(
    input: ByUser & { readonly providerId: string; readonly withUserCenter?: boolean },
    options?: CallOptions,
  ): Promise<Answered<object>>;
  /** Turns the signed-in user into that of a provider token; in the official SDK only. */
  transfer(input: ByUser & { readonly providerToken: string }, options?: CallOptions): Promise<Answered<TokenSet>>;
  /** In the official SDK only. */
  changeBound(
    input: ByUser & { readonly providerId: string; readonly transferToken: string },
    options?: CallOptions,
  ): Promise<Answered<{ readonly clientId: string }>>;
  /** Whether the mini program may sign in without a page; in the official SDK only, which asks for `weda`. */
  subType(
    input?: { readonly providerId?: string },
    options?: CallOptions,
  ): Promise<Answered<{ readonly id?: string; readonly providerSubType?: string }>>;
}

export function createProviderCalls({ call, forms }: ClientContext): ProviderCalls {
  const client = { kind: "client" } as const;
  const asUser = (accessToken: string) => ({ kind: "user", accessToken }) as const;
  return {
    async redirectUri({ providerId, redirectUri, state, scope, responseType, otherParams = {} }, options) {
      const others = Object.entries(otherParams).map(([name, value]) => [`other_params[${name}]`, value] as const);
      const query = {
        provider_id: providerId,
        redirect_uri: redirectUri,
        state,
        scope,
        response_type: responseType,
        ...Object.fromEntries(others),
      };
      const name = "providers.redirectUri";
      const result = await call({ name, method: "GET", path: "/auth/v1/provider/uri", as: client, query }, options);
      return readAs(name, result, (answer) => {
        const uri = textMember(answer, "uri");
        return uri === undefined ? undefined : { uri, ...present({ signoutUri: textMember(answer, "signout_uri") }) };
      });
    },
    async exchange({ providerId, code, redirectUri, providerAccessToken, providerIdToken, params }, options) {
      const body = {
        provider_id: providerId,
        provider_code: code,
        provider_redirect_uri: redirectUri,
        provider_access_token: providerAccessToken,
        provider_id_token: providerIdToken,
        provider_params: params,
      };
      const name = "providers.exchange";
      return readAs(
        name,
        await call({ name, method: "POST", path: "/auth/v1/provider/token", as: client, body }, options),
        parseProviderToken,
      );
    },
    async updateToken({ providerToken, providerId, params }, options) {
      const body = { provider_token: providerToken, provider_id: providerId, provider_params: params };
      const name = "providers.updateToken";
      return readAs(
        name,
        await call({ name, method: "PATCH", path: "/auth/v1/provider/token", as: client, body }, options),
        parseProviderToken,
      );
    },
    async list({ accessToken }, options) {
      const name = "providers.list";
      const result = await call(
        { name, method: "GET", path: forms.providerListPath, as: asUser(accessToken) },
        options,
      );
      return readAs(name, result, (answer) => {
        const providers = parseProviders(answer);
        return { total: numberMember(answer, "total") ?? providers.length, providers };
      });
    },
    async bind({ accessToken, providerToken, withUserCenter }, options) {
      const body = { provider_token: providerToken, with_user_center: withUserCenter };
      const path = "/auth/v1/user/provider/bind";
      return done(await call({ name: "providers.bind", method: "POST", path, as: asUser(accessToken), body }, options));
    },
    async unbind({ accessToken, providerId, withUserCenter }, options) {
      const path = `/auth/v1/user/provider/${encodeURIComponent(providerId)}`;
      const template = "/auth/v1/user/provider/{provider_id}";
      const query = { with_user_center: withUserCenter };
      return done(
        await call(
          { name: "providers.unbind", method: "DELETE", path, template, as: asUser(accessToken), query },
          options,
        ),
      );
    },
    async transfer({ accessToken, providerToken }, options) {
      const name = "providers.transfer";
      const path = "/auth/v1/user/trans/by/provider";
      const body = { provider_token: providerToken };
      return readAs(
        name,
        await call({ name, method: "PATCH", path, as: asUser(accessToken), body }, options),
        parseTokenSet,
      );
    },
    async changeBound({ accessToken, providerId, transferToken }, options) {
      const name = "providers.changeBound";
      const path = `/auth/v1/user/provider/${encodeURIComponent(providerId)}/trans`;
      const template = "/auth/v1/user/provider/{provider_id}/trans";
      const body = { provider_trans_token: transferToken };
      const result = await call({ name, method: "POST", path, template, as: asUser(accessToken), body }, options);
      return readAs(name, result, (answer) => {
        const clientId = textMember(answer, "client_id");
        return clientId === undefined ? undefined : { clientId };
      });
    },
    async subType({ providerId = "weda" } = {}, options) {
      const name = "providers.subType";
      const path = "/auth/v1/mgr/provider/providerSubType";
      const result = await call({ name, method: "POST", path, as: client, body: { provider_id: providerId } }, options);
      return readAs(name, result, (answer) =>
        present({ id: textMember(answer, "id"), providerSubType: textMember(answer, "provider_sub_type") }),
      );
    },
  };
}
