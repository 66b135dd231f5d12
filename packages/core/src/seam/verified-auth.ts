import { sealObject } from "../protocol/strict-json.ts";
import type { Authenticated, Claims } from "../words/auth.ts";

/**
 * How we know who is calling, of a token that was verified; frozen. A class, because a private member is the one cheap way
 * to have a property that nothing shows or copies.
 */
export class VerifiedAuth implements Authenticated {
  readonly state = "authenticated";
  readonly scopes: readonly string[];
  readonly expiresAt: number;
  readonly verifiedBy: Authenticated["verifiedBy"];
  readonly environment: string;
  readonly #token: string;
  readonly #claims: Claims;

  constructor(
    token: string,
    claims: Claims,
    scopes: readonly string[],
    verifiedBy: Authenticated["verifiedBy"],
    environment: string,
  ) {
    this.#token = token;
    this.#claims = claims;
    this.scopes = scopes;
    this.expiresAt = claims.exp * 1_000;
    this.verifiedBy = verifiedBy;
    this.environment = environment;
    Object.freeze(this);
  }

  get token(): string {
    return this.#token;
  }

  get claims(): Claims {
    // When first asked for: most requests never look, and it costs more than all the rest of this object.
    return Object.isFrozen(this.#claims) ? this.#claims : sealObject(this.#claims);
  }
}
