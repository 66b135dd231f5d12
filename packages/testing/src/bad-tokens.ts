import { createMemoryEmulator } from "@cloudbase-auth/emulator";
import type { ForgeryKind, MemoryEmulator } from "@cloudbase-auth/emulator";

/** What a client may present that is no access token of this environment, or none any more. */
const forgeries = {
  /** It ended an hour ago. */
  expired: "expired",
  /** It begins in an hour. */
  "not-yet-valid": "not-yet-valid",
  /** The claims were changed, and the signature is that of the token before. */
  forged: "signature-of-another-token",
  /** Signed by somebody's own key under the name of a published one. */
  "wrong-key": "other-key",
  /** Under the name of a key that is not published. */
  "unknown-key": "kid-unknown",
  /** `alg` is `none`. */
  unsigned: "alg-none",
  "wrong-issuer": "iss-other",
  "wrong-audience": "aud-other",
  /** An API key of the environment: no user. */
  "api-key": "role-service-role",
  "refresh-token": "refresh-token",
} as const satisfies Readonly<Record<string, ForgeryKind>>;

/**
 * The names of tokens that your server must refuse with 401 `invalid_token`. `foreign` is a good one, of another
 * environment; `malformed` is no JWT.
 */
export type BadToken = keyof typeof forgeries | "foreign" | "malformed";

export const badTokens: readonly BadToken[] = Object.freeze([
  ...Object.keys(forgeries).filter(isForged),
  "foreign",
  "malformed",
]);

/** Makes them, with `claims` laid over the usual ones. */
export function createBadTokens(emulator: MemoryEmulator) {
  let elsewhere: Promise<MemoryEmulator> | undefined;

  return async function issueBadToken(name: BadToken, claims: Readonly<Record<string, unknown>>): Promise<string> {
    if (name === "malformed") return "this-is-no-access-token";
    if (name === "foreign") {
      elsewhere ??= createMemoryEmulator({ envId: "another-environment", now: () => emulator.clock.now() });
      return (await elsewhere).issueToken(claims);
    }
    if (!isForged(name)) {
      throw new TypeError(`there is no bad token "${String(name)}"; there are ${badTokens.join(", ")}`);
    }
    return (await emulator.issueForged(forgeries[name], { claims })).token;
  };
}

function isForged(name: string): name is keyof typeof forgeries {
  return Object.hasOwn(forgeries, name);
}
