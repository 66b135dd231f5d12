import { createHash } from "node:crypto";
import type { Revocation } from "../words/revocation.ts";

/** What a revocation is held against. */
export interface RevocableToken {
  readonly environment: string;
  readonly subject: string;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  /** {@link digestToken} of it; asked for only if a single token is revoked. */
  readonly digest: () => string;
}

/** Everything that is known to be revoked. */
export interface RevocationList {
  /** Changes with every revocation that is new: what was found good under the same version still is. */
  version(): number;
  add(revocation: Revocation): void;
  covers(token: RevocableToken): boolean;
  size(): number;
}

interface Epoch {
  readonly issuedUpTo: number;
  readonly expiresAt: number;
}

const sweepEverySeconds = 60;

/**
 * Keeps revocations until the tokens that they concern have expired. `now` is in milliseconds since the epoch; whatever
 * has expired is let go of at the next addition or count that is a minute later than the last.
 */
export function createRevocationList(now: () => number): RevocationList {
  const tokens = new Map<string, number>();
  const users = new Map<string, Epoch>();
  const environments = new Map<string, Epoch>();
  let version = 0;
  let sweptAt = -Infinity;

  function sweep(): void {
    const nowSeconds = now() / 1_000;
    if (Math.abs(nowSeconds - sweptAt) < sweepEverySeconds) return;
    sweptAt = nowSeconds;
    for (const [key, expiresAt] of tokens) if (expiresAt < nowSeconds) tokens.delete(key);
    for (const epochs of [users, environments]) {
      for (const [key, { expiresAt }] of epochs) if (expiresAt < nowSeconds) epochs.delete(key);
    }
  }

  function addEpoch(epochs: Map<string, Epoch>, key: string, { issuedUpTo, expiresAt }: Epoch): void {
    const known = epochs.get(key);
    if (known !== undefined && known.issuedUpTo >= issuedUpTo && known.expiresAt >= expiresAt) return;
    epochs.set(key, {
      issuedUpTo: Math.max(issuedUpTo, known?.issuedUpTo ?? 0),
      expiresAt: Math.max(expiresAt, known?.expiresAt ?? 0),
    });
    version += 1;
  }

  return {
    version: () => version,
    add(revocation) {
      sweep();
      switch (revocation.kind) {
        case "token": {
          const key = keyOf(revocation.environment, revocation.digest);
          if (tokens.has(key)) return;
          tokens.set(key, revocation.expiresAt);
          version += 1;
          return;
        }
        case "user":
          addEpoch(users, keyOf(revocation.environment, revocation.digest), revocation);
          return;
        case "environment":
          addEpoch(environments, revocation.environment, revocation);
      }
    },
    covers({ environment, subject, issuedAt, digest }) {
      if (version === 0) return false;
      if (issuedAt <= (environments.get(environment)?.issuedUpTo ?? -Infinity)) return true;
      if (users.size > 0) {
        const epoch = users.get(keyOf(environment, digestSubject(subject)));
        if (epoch !== undefined && issuedAt <= epoch.issuedUpTo) return true;
      }
      return tokens.size > 0 && tokens.has(keyOf(environment, digest()));
    },
    size() {
      sweep();
      return tokens.size + users.size + environments.size;
    },
  };
}

/** An environment id has no space, so that no two pairs make one key. */
function keyOf(environment: string, name: string): string {
  return `${environment} ${name}`;
}

/** The digest under which a user's tokens are revoked. */
export function digestSubject(subject: string): string {
  return createHash("sha256").update(subject).digest("base64url");
}

/**
 * The digest under which a token is revoked: of what is signed, so that another signature over the same makes no other
 * token of it.
 */
export function digestToken(token: string): string {
  return createHash("sha256")
    .update(token.slice(0, token.lastIndexOf(".")), "latin1")
    .digest("base64url");
}
