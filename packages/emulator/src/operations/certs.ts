import type { Environment } from "../state/environment.ts";

/** GET /auth/v1/certs: the JWK Set (RFC 7517 §5), the key that signs first, then the one that rotation will promote. */
export function publishKeys({ keys }: Environment): object {
  return { keys: keys.published() };
}
