import { createAuthClient } from "@cloudbase-auth/core";
import type { Emulator, ForgeryKind } from "@cloudbase-auth/emulator";
import type { Servers } from "./servers-process.ts";

/** A token of one kind, or none. */
export type TokenKind = "valid" | "refreshed" | "anonymous" | "revoked" | "forged" | "unknown kid" | "junk" | "none";

/** The tokens that the traffic presents. */
export interface Wallet {
  readonly pick: (kind: TokenKind) => string;
  /** Fetches tokens under the key that signs now; those from before are not presented any more. */
  readonly renew: () => Promise<void>;
  /** Exchanges the refresh token; the new access token is the one presented as refreshed. */
  readonly refresh: () => Promise<void>;
  /** Revokes one that was good a moment ago, everywhere. */
  readonly revoke: () => Promise<void>;
}

// Each can be told without a key, or by the key that is published; "kid-unknown" apart, because it asks.
const forgeries: readonly ForgeryKind[] = [
  ...([
    "expired",
    "iss-other",
    "aud-other",
    "verification-id",
    "crit-unknown",
    "jku",
    "sub-empty",
    "other-key",
  ] as const),
];

export async function createWallet(envId: string, emulator: Emulator, servers: Servers): Promise<Wallet> {
  const client = createAuthClient({ envId, endpoint: emulator.endpoint });
  const person = { username: "lihua", password: "secret-1" };
  const tokens: Record<TokenKind, string[]> = {
    ...{ valid: [], refreshed: [], anonymous: [], revoked: [], forged: [], "unknown kid": [] },
    junk: Array.from({ length: 20 }, (_, n) => `junk${String(n)}`.repeat(20)),
    none: [""],
  };
  let session = await client.signIn(person);

  async function renew(): Promise<void> {
    session = await client.signIn(person);
    tokens.refreshed = [session.accessToken];
    tokens.valid = await Promise.all(Array.from({ length: 4 }, () => emulator.issueToken()));
    tokens.anonymous = [(await client.signInAnonymously()).accessToken];
    const forge = async (kind: ForgeryKind): Promise<string> => (await emulator.issueForged(kind)).token;
    tokens.forged = await Promise.all(forgeries.map(forge));
    tokens["unknown kid"] = [await forge("kid-unknown")];
    await revoke();
  }

  async function revoke(): Promise<void> {
    const token = await emulator.issueToken();
    await servers.revoke(token);
    tokens.revoked = [token];
  }

  await renew();
  return {
    renew,
    revoke,
    pick(kind) {
      const of = tokens[kind];
      return of[Math.floor(Math.random() * of.length)] ?? "";
    },
    async refresh() {
      session = await client.refresh({ refreshToken: session.refreshToken ?? "" });
      tokens.refreshed = [session.accessToken];
    },
  };
}
