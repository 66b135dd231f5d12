import { verify } from "node:crypto";
import { ApiError } from "../errors.ts";
import type { Environment } from "../state/environment.ts";
import { isFields, readText, requireText } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { signInUser } from "./grant.ts";
import type { TokenResponse } from "./grant.ts";
import type { ClientCall } from "./operation.ts";

/** The official Node SDK's rule for the id that a backend gives its user. */
const userId = /^[a-zA-Z0-9_\-#@~=*(){}[\]:.,<>+]{4,32}$/;
const separator = "/@@/";

/**
 * POST /auth/v1/signin/custom (docs.cloudbase.net http-api/auth/auth-sign-in-custom): a ticket that a backend signed,
 * `{private_key_id}/@@/{JWT}`, in the official Node SDK's form: RS256, `iat` and `exp` in milliseconds, `env`, `uid`.
 * The first ticket of a `uid` makes the user. What `refresh` and `expire` do is not known; here nothing.
 *
 * @throws ApiError not_found "provider not found", invalid_argument for every ticket that is no good
 */
export async function signInCustom(environment: Environment, call: ClientCall): Promise<TokenResponse> {
  const { body, client } = call;
  const providerId = readText(body, "provider_id") ?? "custom";
  if (providerId !== "custom" || !environment.settings.loginMethods.custom) {
    throw new ApiError("not_found", "provider not found");
  }
  const uid = readTicket(environment, requireText(body, "ticket"));
  const identity = { providerId: "custom", providerUserId: uid };
  const user = environment.users.byIdentity(identity) ?? environment.users.add({ identities: [identity] });
  return signInUser(environment, user, call, { clientId: client.id, providerType: "custom", providerSub: uid });
}

function readTicket(environment: Environment, ticket: string): string {
  const [keyId = "", jwt, ...rest] = ticket.split(separator);
  if (jwt === undefined || rest.length > 0) throw invalid(`must be {private_key_id}${separator}{JWT}`);
  const key = environment.customLoginKeys.find(keyId);
  if (!key) throw invalid("is signed with a key that this environment does not know");
  const [header = "", payload = "", signature = "", ...more] = jwt.split(".");
  if (more.length > 0 || parse(header)["alg"] !== "RS256") throw invalid("must be a JWT with RS256");
  const input = Buffer.from(`${header}.${payload}`);
  if (!verify("sha256", input, key, Buffer.from(signature, "base64url"))) throw invalid("has a wrong signature");

  const { env, uid, exp, iat } = parse(payload);
  const now = environment.clock.now();
  if (env !== environment.envId) throw invalid("is for another environment");
  if (typeof iat !== "number" || typeof exp !== "number") throw invalid("needs iat and exp");
  if (iat < 100_000_000_000 || exp < 100_000_000_000) throw invalid("must have iat and exp in milliseconds");
  if (exp <= now) throw invalid("has expired");
  if (typeof uid !== "string" || !userId.test(uid)) {
    throw invalid("needs a uid of 4 to 32 letters, digits and _-#@~=*(){}[]:.,<>+");
  }
  return uid;
}

function parse(segment: string): Fields {
  try {
    const value: unknown = JSON.parse(Buffer.from(segment, "base64url").toString("utf8"));
    if (isFields(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw invalid("must be a JWT");
}

const invalid = (why: string): ApiError => new ApiError("invalid_argument", `ticket ${why}`);
