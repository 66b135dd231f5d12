import { createAuthClient, createCloudbaseAuth } from "@cloudbase-auth/core";
import type { AuthResult, CloudbaseAuth, CloudbaseAuthOptions, TokenSet } from "@cloudbase-auth/core";
import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator, EmulatorSettings } from "@cloudbase-auth/emulator";
import { createSessions } from "../../src/index.ts";
import type { BrowserSessions, SessionsOptions } from "../../src/index.ts";
import { createBrowser } from "./browser.ts";
import type { Browser } from "./browser.ts";

export const secret = "0123456789abcdefghijklmnopqrstuvwxyz";
export const origin = "https://app.example";
export const sid = "__Host-cb.sid";

type AuthParts = Pick<CloudbaseAuthOptions, "refresh" | "revocation" | "client" | "tokenCache">;

/** A server of CloudBase's API, a stopped clock that all share, and whatever of ours is made of it. */
export interface World {
  readonly emulator: Emulator;
  readonly now: () => number;
  readonly advance: (seconds: number) => void;
  /** A process of its own, as far as the core goes. */
  readonly createAuth: (options?: AuthParts) => CloudbaseAuth;
  readonly createSessions: (options?: Partial<SessionsOptions>) => BrowserSessions;
  /** Tokens of somebody who signed in by a code; another number, another user. */
  readonly signIn: (person?: number) => Promise<TokenSet>;
  readonly signInAnonymously: () => Promise<TokenSet>;
  /** A browser in which somebody has signed in. */
  readonly enter: (sessions: BrowserSessions, tokens?: TokenSet) => Promise<Browser>;
  /** How often refresh tokens were exchanged, or tried to be. */
  readonly exchanges: () => number;
  /** Everything that was done before is forgotten; the keys stay. */
  readonly reset: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const people = 60;
const startsAt = Date.UTC(2026, 0, 1);
const numberOf = (person: number): string => `+86 138${String(person).padStart(8, "0")}`;

export async function createWorld(settings: EmulatorSettings = {}, envId = "demo"): Promise<World> {
  const users = Array.from({ length: people }, (_, person) => ({ phoneNumber: numberOf(person) }));
  const emulator = await createEmulator({ envId, users, settings });
  emulator.clock.set(startsAt);
  const { endpoint } = emulator;
  const now = (): number => emulator.clock.now();
  const client = createAuthClient({ envId, endpoint });
  const opened: CloudbaseAuth[] = [];

  function createAuth(options: AuthParts = {}): CloudbaseAuth {
    const auth = createCloudbaseAuth({ envId, endpoint, now, onWarning: () => {}, ...options });
    opened.push(auth);
    return auth;
  }

  async function signIn(person = 0): Promise<TokenSet> {
    const phoneNumber = numberOf(person);
    const { verificationId } = await client.verification.send({ phoneNumber });
    const verificationCode = emulator.inbox.latest(phoneNumber) ?? "none was sent";
    const { verificationToken } = await client.verification.verify({ verificationId, verificationCode });
    return client.signIn({ verificationToken });
  }

  return {
    ...{ emulator, now, createAuth, signIn },
    advance: (seconds) => emulator.clock.advance(seconds),
    createSessions: (options = {}) =>
      createSessions({ auth: options.auth ?? createAuth(), secret, origin, now, ...options }),
    signInAnonymously: () => client.signInAnonymously(),
    async enter(sessions, tokens) {
      const browser = createBrowser();
      browser.take(await sessions.keeper.start(browser.request(), tokens ?? (await signIn())));
      return browser;
    },
    exchanges: () => emulator.requests.entries().filter(({ path }) => path === "/auth/v1/token").length,
    async reset() {
      await emulator.reset();
      emulator.clock.set(startsAt);
    },
    async close() {
      for (const auth of opened) await auth.close();
      await client.close();
      await emulator.close();
    },
  };
}

/** What `authenticate` says in short. */
export function outcomeOf({ auth, user }: AuthResult): string {
  if (auth.state === "authenticated") return `authenticated ${user?.id ?? "nobody"}`;
  return auth.state === "absent" ? "absent" : `${auth.state} ${String(auth.error.status)} ${auth.error.code}`;
}
