import { randomBytes } from "node:crypto";
import type { CloudbaseAuthOptions, TokenSet } from "@cloudbase-auth/core";
import { createMemoryEmulator } from "@cloudbase-auth/emulator";
import type { EmulatorOptions, MemoryEmulator } from "@cloudbase-auth/emulator";
import { createBadTokens } from "./bad-tokens.ts";
import type { BadToken } from "./bad-tokens.ts";
import { injectWith } from "./inject.ts";
import type { Inject, Injectable } from "./inject.ts";
import { createMemoryNetwork } from "./memory-network.ts";
import { claimsOf } from "./person.ts";
import type { Person } from "./person.ts";
import { startSession } from "./session-cookie.ts";
import type { SessionHeaders, SignInSessions } from "./session-cookie.ts";

/** What {@link createTestAuth} takes; all of it is the emulator's. `now` is `Date.now` unless there is another. */
export type TestAuthSettings = Partial<
  Pick<EmulatorOptions, "envId" | "clientId" | "clientSecret" | "users" | "settings" | "now">
>;

/** For supertest's `set()`, `inject({ headers })` and `fetch(url, { headers })`. */
export type BearerHeaders = { readonly authorization: string };

/** How somebody signs in, where it is not by a bearer token. */
export interface SignInBy {
  /** The sessions that the application has: a cookie of theirs. */
  readonly session?: SignInSessions | undefined;
}

/** Ordinary options of `createCloudbaseAuth()`: where the keys are, how to get there, and what time it is. */
export interface TestAuthOptions {
  readonly envId: string;
  readonly endpoint: string;
  readonly dispatcher: NonNullable<CloudbaseAuthOptions["dispatcher"]>;
  /** Milliseconds since the epoch; for `createSessions()` too. */
  readonly now: () => number;
  readonly clientId?: string;
  readonly clientSecret?: string;
}

/** A CloudBase environment within the process, and who signs in to it. It holds nothing open, so nothing need be closed. */
export interface TestAuth {
  /** For `cloudbaseAuth()` and `createCloudbaseAuth()`, beside options of your own. */
  readonly options: TestAuthOptions;
  /**
   * Headers of a request of somebody who is signed in: with a bearer token, or with a cookie of `session`.
   *
   * @example
   * ```ts
   * await request(app).get("/orders").set(await testAuth.signInAs({ id: "ann", groups: ["admin"] })).expect(200);
   * ```
   */
  readonly signInAs: {
    (person?: Person): Promise<BearerHeaders>;
    (person: Person, by: { readonly session: SignInSessions }): Promise<SessionHeaders>;
  };
  /** Headers with a token that must be refused. @throws TypeError (rejects) for a name that there is not */
  readonly headersWith: (bad: BadToken, person?: Person) => Promise<BearerHeaders>;
  /** The token alone. */
  readonly issueToken: (person?: Person) => Promise<string>;
  /** The token alone. @throws TypeError (rejects) for a name that there is not */
  readonly issueBadToken: (bad: BadToken, person?: Person) => Promise<string>;
  /** supertest's agent, which sends the headers of `signInAs` with every request from here on. */
  readonly agentAs: <Agent extends SettableAgent>(agent: Agent, person?: Person, by?: SignInBy) => Promise<Agent>;
  /** `app.inject()` of Fastify with the headers of `signInAs`. */
  readonly injectAs: <Answer>(app: Injectable<Answer>, person?: Person, by?: SignInBy) => Promise<Inject<Answer>>;
  /** Moves the time of the environment, and of all that has `options.now`: tokens expire, sessions are refreshed. */
  readonly advance: (seconds: number) => void;
  /**
   * From here on nobody reaches the environment. A server that has its keys goes on with them for an hour past
   * their time, as in production; one that has none answers 503.
   */
  readonly goDown: () => void;
  /** A server that just failed tries again after a second of real time. */
  readonly comeBack: () => void;
  /** At the server: a route sees it that asks there, with `freshSeconds` or `verification: { mode: "introspection" }`. */
  readonly revoke: (accessToken: string) => Promise<void>;
  /** For everything else: registered users, codes, faults of single endpoints, rotation of keys, forged tokens. */
  readonly emulator: MemoryEmulator;
}

interface SettableAgent {
  set(headers: Readonly<Record<string, string>>): unknown;
}

/**
 * Makes an environment with keys of its own, within the process: no port, no network. Your own middleware verifies
 * really signed tokens; nothing of it is switched off.
 *
 * Each call is another environment: none accepts tokens of another, so tests may run side by side.
 *
 * @throws TypeError (rejects) for a wrong setting
 * @example
 * ```ts
 * const testAuth = await createTestAuth();
 * const app = express().use(cloudbaseAuth(testAuth.options)).get("/me", requireUser(), sendMe);
 * const ann = await testAuth.signInAs({ id: "ann" });
 * await request(app).get("/me").set(ann).expect(200);
 * ```
 */
export async function createTestAuth(settings: TestAuthSettings = {}): Promise<TestAuth> {
  const { envId = `test-${randomBytes(6).toString("hex")}`, clientId, clientSecret } = settings;
  // Looked up each time, so that a test may put a fake Date in its place.
  const emulator = await createMemoryEmulator({ ...settings, envId, now: settings.now ?? (() => Date.now()) });
  const badTokenOf = createBadTokens(emulator);
  const network = createMemoryNetwork(emulator.endpoint, (request) => emulator.handle(request));

  const issueToken = (person: Person = {}): Promise<string> => emulator.issueToken(claimsOf(person));
  const issueBadToken = (bad: BadToken, person: Person = {}): Promise<string> => badTokenOf(bad, claimsOf(person));

  async function issueTokenSet(person: Person): Promise<TokenSet> {
    const { refreshToken, ...tokens } = await emulator.issueTokens(claimsOf(person));
    // As of CloudBase, anonymous users have none.
    return { ...tokens, ...(person.anonymous !== true && { refreshToken }), tokenType: "Bearer", groups: [] };
  }

  function signInAs(person?: Person): Promise<BearerHeaders>;
  function signInAs(person: Person, by: { readonly session: SignInSessions }): Promise<SessionHeaders>;
  function signInAs(person: Person, by: SignInBy): Promise<BearerHeaders | SessionHeaders>;
  async function signInAs(person: Person = {}, { session }: SignInBy = {}): Promise<BearerHeaders | SessionHeaders> {
    return session === undefined
      ? bearer(await issueToken(person))
      : startSession(session, await issueTokenSet(person));
  }

  return {
    options: {
      ...{ envId, endpoint: emulator.endpoint, dispatcher: network.dispatcher, now: () => emulator.clock.now() },
      ...(clientId !== undefined && { clientId }),
      ...(clientSecret !== undefined && { clientSecret }),
    },
    ...{ signInAs, issueToken, issueBadToken, emulator },
    headersWith: async (bad, person) => bearer(await issueBadToken(bad, person)),
    async agentAs(agent, person = {}, by = {}) {
      agent.set(await signInAs(person, by));
      return agent;
    },
    injectAs: async (app, person = {}, by = {}) => injectWith(app, await signInAs(person, by)),
    advance: (seconds) => emulator.clock.advance(seconds),
    ...{ goDown: network.goDown, comeBack: network.comeBack },
    async revoke(accessToken) {
      const body = JSON.stringify({ token: accessToken });
      await emulator.handle(new Request(`${emulator.endpoint}/auth/v1/revoke`, { method: "POST", body }));
    },
  };
}

function bearer(token: string): BearerHeaders {
  return { authorization: `Bearer ${token}` };
}
