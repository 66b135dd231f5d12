import type { EndpointGroup } from "./facts.ts";

export const tokenGroups: readonly EndpointGroup[] = [
  {
    title: "Tokens and keys",
    endpoints: [
      {
        endpoint: "POST /auth/v1/token",
        skill: "Basic; `grant_type` (`refresh_token`), `refresh_token`",
        documented: "`grant_type` with `refresh_token`, or with `username` + `password`",
        page: "auth-grant-token",
        sdk: "the same; also `client_id` and `client_secret` in the body",
        emulator: "a stale Bearer is refused",
      },
      {
        endpoint: "POST /auth/v1/token/clientCredential",
        documented: "Basic of SecretId:SecretKey, or a TC3 signature; `grant_type` (`client_credentials`)",
        page: "auth-client-credential",
        sdk: "in the Node SDK only, with the signature",
        emulator: "Basic with a cloud API key; not the TC3 signature",
      },
      {
        endpoint: "POST /auth/v1/revoke",
        skill: "Basic; `token`",
        documented: "Bearer; no member named",
        page: "auth-revoke",
        sdk: "`token`, no Bearer",
        emulator: "all three",
      },
      {
        endpoint: "GET /auth/v1/token/introspect",
        skill: "Basic; `token` in the query (U: nobody else says so)",
        documented: "Bearer, which is the token in question; `{}` when it is not valid",
        page: "auth-token-introspect",
      },
      {
        endpoint: "GET /auth/v1/certs",
        documented: "in an official skill text on tokens only",
        emulator: "two keys, rotated on demand",
      },
    ],
  },
  {
    title: "Third parties",
    endpoints: [
      {
        endpoint: "GET /auth/v1/provider/uri",
        documented: "header `x-device-id` required; `provider_id`, `redirect_uri`, `state`",
        page: "auth-gen-provider-redirect-uri",
        sdk: "the same; also `scope`, `response_type`, `other_params[…]`",
        emulator: "leads to a consent page of its own",
      },
      {
        endpoint: "POST /auth/v1/provider/token",
        documented: "header `x-device-id` required; `provider_id`, `provider_code`, `provider_redirect_uri`",
        page: "auth-grant-provider-token",
        sdk: "the same; also `provider_access_token`, `provider_id_token`, `provider_params`",
      },
      {
        endpoint: "PATCH /auth/v1/provider/token",
        sdk: "`provider_token`, `provider_id`, `provider_params`",
      },
      {
        endpoint: "POST /auth/v1/mgr/provider/providerSubType",
        sdk: "`provider_id`, always `weda`",
      },
    ],
  },
];
