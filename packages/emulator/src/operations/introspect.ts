import { ApiError } from "../errors.ts";
import type { Environment } from "../state/environment.ts";
import { examineAccessToken } from "./access-token.ts";
import { readText, requireText } from "./fields.ts";
import type { ClientCall } from "./operation.ts";

/**
 * GET /auth/v1/token/introspect (docs.cloudbase.net http-api/auth/auth-token-introspect): the examined token is the
 * Bearer; or query `token`, then with Basic client authentication. Anything that is no valid access token of this
 * environment answers 200 and `{}`. There is no `active` and no `exp`.
 *
 * @throws ApiError unauthenticated without any token, invalid_client for `?token=` without Basic,
 *   invalid_argument for Basic without a token
 */
export async function introspect(environment: Environment, call: ClientCall): Promise<object> {
  const examined = await examineAccessToken(environment, presentedToken(call));
  if (examined.state !== "valid") return {};
  const { clientId, sub, scope } = examined.token;
  return { token_type: "Bearer", client_id: clientId, sub, scope };
}

function presentedToken({ credentials, query }: ClientCall): string {
  if (credentials.scheme === "bearer") return credentials.token;
  if (credentials.scheme === "basic") return requireText(query, "token");
  if (readText(query, "token") === undefined) throw new ApiError("unauthenticated", "access token is required");
  throw new ApiError("invalid_client", "client authentication is required");
}
