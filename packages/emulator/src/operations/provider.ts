import { ApiError } from "../errors.ts";
import type { ThirdParty } from "../provider-settings.ts";
import type { Environment, ProviderLogin } from "../state/environment.ts";
import { isFields, readText, requireText } from "./fields.ts";
import type { Fields } from "./fields.ts";
import type { Call, ClientCall } from "./operation.ts";
import { requireRedirectUri } from "./redirect.ts";

/**
 * GET /auth/v1/provider/uri (docs.cloudbase.net http-api/auth/auth-gen-provider-redirect-uri): where to send the
 * browser: the consent page of the third party, which the emulator plays itself.
 *
 * @throws ApiError invalid_argument, not_found for an unknown provider
 */
export function createProviderUri(environment: Environment, call: ClientCall): object {
  const { query } = call;
  requireDevice(call);
  const { id } = findProvider(environment, requireText(query, "provider_id"));
  const target = readText(query, "redirect_uri") ?? readText(query, "provider_redirect_uri");
  if (target === undefined) throw new ApiError("invalid_argument", "redirect_uri is required");
  const uri = new URL(`/emulator/providers/${id}/authorize`, environment.endpoint());
  uri.searchParams.set("redirect_uri", requireRedirectUri(target));
  uri.searchParams.set("state", requireText(query, "state"));
  return { uri: uri.href };
}

/**
 * POST /auth/v1/provider/token (http-api/auth/auth-grant-provider-token): the third party's code, once and with the
 * `provider_redirect_uri` that it was made for, gives a `provider_token` for an hour.
 *
 * @throws ApiError invalid_argument, not_found for an unknown provider, invalid_grant for a code that is no good,
 *   unimplemented for what the made-up third parties have not: access tokens, id tokens, WeChat's parameters
 */
export function grantProviderToken(environment: Environment, call: ClientCall): object {
  const { body } = call;
  requireDevice(call);
  const { id } = findProvider(environment, requireText(body, "provider_id"));
  const code = readText(body, "provider_code");
  if (code === undefined) {
    refuseForeignProof(body, ["provider_access_token", "provider_id_token"]);
    throw new ApiError("invalid_argument", "provider_code is required");
  }
  const redirectUri = requireText(body, "provider_redirect_uri");
  const login = environment.providerCodes.read(code);
  environment.providerCodes.spend(code);
  if (!login || login.providerId !== id || login.redirectUri !== redirectUri) {
    throw new ApiError("invalid_grant", "provider_code is wrong, used, expired or for another redirect_uri");
  }
  return providerTokenFor(environment, login);
}

/**
 * PATCH /auth/v1/provider/token (official SDK): the answer is like that of POST, with a new token in the place of the
 * old one. `provider_params` carry what a WeChat mini program has encrypted; that cannot be read here.
 *
 * @throws ApiError invalid_grant, invalid_argument, unimplemented
 */
export function patchProviderToken(environment: Environment, { body }: ClientCall): object {
  const ticket = requireText(body, "provider_token");
  const login = requireProviderLogin(environment, body);
  refuseForeignProof(body, []);
  environment.providerTokens.spend(ticket);
  return providerTokenFor(environment, login);
}

/** @throws ApiError not_found */
export function findProvider({ settings }: Environment, id: string): ThirdParty {
  const provider = settings.providers.find((candidate) => candidate.id === id);
  if (!provider) throw new ApiError("not_found", "provider not found");
  return provider;
}

/** @throws ApiError invalid_grant unless body `provider_token` is good, invalid_argument for another `provider_id` */
export function requireProviderLogin({ providerTokens }: Environment, body: Fields): ProviderLogin {
  const login = providerTokens.read(requireText(body, "provider_token"));
  if (!login) throw new ApiError("invalid_grant", "provider token invalid or expired");
  const providerId = readText(body, "provider_id");
  if (providerId !== undefined && providerId !== login.providerId) {
    throw new ApiError("invalid_argument", "provider_token is of another provider_id");
  }
  return login;
}

function providerTokenFor({ providerTokens }: Environment, { providerId, account }: ProviderLogin): object {
  const { sub, name, picture, email, phoneNumber, gender, locale } = account;
  return {
    provider_token: providerTokens.issue({ providerId, account }),
    expires_in: providerTokens.lifetimeSeconds,
    provider_profile: {
      provider_id: providerId,
      sub,
      name,
      picture,
      email,
      phone_number: phoneNumber,
      gender,
      locale,
    },
  };
}

/** Documented: the header is needed on both calls. */
function requireDevice({ deviceId }: Call): void {
  if (deviceId === undefined) throw new ApiError("invalid_argument", "x-device-id is required");
}

function refuseForeignProof(body: Fields, names: readonly string[]): void {
  const params = body["provider_params"];
  const foreign =
    names.some((name) => readText(body, name) !== undefined) ||
    (isFields(params) && ["code", "encryptedData", "iv"].some((name) => readText(params, name) !== undefined));
  if (foreign) throw new ApiError("unimplemented", "the third parties of this emulator know a provider_code only");
}
