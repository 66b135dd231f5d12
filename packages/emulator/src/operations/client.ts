import { createHash, timingSafeEqual } from "node:crypto";
import { ApiError } from "../errors.ts";
import type { Environment } from "../state/environment.ts";
import { readText } from "./fields.ts";
import type { Call } from "./operation.ts";

/** The application that calls (RFC 6749 §2.2). */
export interface Client {
  readonly id: string;
  /** Whether it showed a secret; without a registered client every secret is accepted. */
  readonly authenticated: boolean;
}

/**
 * Finds out which client calls: query `client_id`, else the user of Basic, else body `client_id`, else the environment
 * id, which is the documented default. A secret is optional, as in the documentation; one that was sent must be right.
 *
 * @throws ApiError invalid_client for an unknown client, unauthorized_client for a wrong secret
 *   (docs.cloudbase.net openapi/auth/auth-grant-token)
 */
export function identifyClient(environment: Environment, { query, body, credentials }: Call): Client {
  if (credentials.scheme === "unreadable") throw new ApiError("invalid_client", "authorization header is malformed");
  // The older form of client credentials has an API key there, and no client.
  const isApiKey = readText(body, "grant_type") === "client_credentials";
  const basic = credentials.scheme === "basic" && !isApiKey ? credentials : undefined;
  const bodyId = readText(body, "client_id");
  const bodySecret = readText(body, "client_secret");

  if (basic) checkSecret(environment, basic.id, basic.secret);
  if (bodySecret !== undefined) checkSecret(environment, bodyId ?? environment.envId, bodySecret);
  const id = readText(query, "client_id") ?? basic?.id ?? bodyId ?? environment.envId;
  if (!isKnownClient(environment, id)) throw new ApiError("invalid_client", "client does not exist");
  return { id, authenticated: basic !== undefined || bodySecret !== undefined };
}

/** Without a registered client any id is known: the emulator cannot tell them apart. */
export function isKnownClient({ envId, registeredClient }: Environment, id: string): boolean {
  return registeredClient === undefined || id === envId || id === registeredClient.id;
}

function checkSecret({ registeredClient }: Environment, id: string, secret: string): void {
  if (!registeredClient) return;
  if (!sent(id, registeredClient.id)) throw new ApiError("invalid_client", "client does not exist");
  if (registeredClient.secret === undefined || sent(secret, registeredClient.secret)) return;
  throw new ApiError("unauthorized_client", "client secret is wrong");
}

/** RFC 6749 §2.3.1 wants both halves form-encoded; curl and the official SDK send them as they are. Both are right. */
function sent(presented: string, expected: string): boolean {
  return (
    sameText(presented, expected) ||
    sameText(presented, new URLSearchParams({ "": expected }).toString().slice(1)) ||
    sameText(presented, encodeURIComponent(expected))
  );
}

function sameText(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
