import { at, bearer, id } from "./row.ts";
import type { WireRow } from "./row.ts";

export const providerRows: readonly WireRow[] = [
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
];
