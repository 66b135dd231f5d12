import type { Address } from "./address.ts";
import { createClock } from "./clock.ts";
import type { EmulatorClock } from "./clock.ts";
import { codeLifetimeSeconds, createCodes } from "./codes.ts";
import type { Codes } from "./codes.ts";
import { createInbox } from "./inbox.ts";
import type { Message, Outbox } from "./inbox.ts";
import { createSigningKeys } from "./keys.ts";
import type { SigningKeys } from "./keys.ts";
import { createRandom } from "./random.ts";
import type { Random } from "./random.ts";
import { createSessions } from "./sessions.ts";
import type { Sessions } from "./sessions.ts";
import { createTickets } from "./tickets.ts";
import type { Tickets } from "./tickets.ts";
import { createUsers } from "./users.ts";
import type { Users } from "./users.ts";

/** A CloudBase environment: everything that the operations read and change. */
export interface Environment extends Memory {
  readonly envId: string;
  /** The `iss` of every token; known once the server listens. */
  readonly issuer: () => string;
  /** The one registered client beside the environment's own; `undefined`: any client is taken at its word. */
  readonly registeredClient: { readonly id: string; readonly secret?: string | undefined } | undefined;
  readonly clock: EmulatorClock;
  readonly random: Random;
  readonly keys: SigningKeys;
  /** Fingerprints of revoked access tokens; kept for good, so that a clock set back revives nothing. */
  readonly revokedTokens: Set<string>;
  /** Forgets the memory and gives the clock back to its source. Keys stay; users that there were count as deleted. */
  forget(): void;
}

/** What `forget` empties: everything that came about by calls. New state belongs here. */
interface Memory {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly codes: Codes;
  readonly inbox: Outbox;
  /** Proof that somebody reads a phone or mailbox, and with which code. */
  readonly verificationTokens: Tickets<{ readonly address: Address; readonly code: string }>;
  /** Proof that the signed-in user has just shown a password or code again. */
  readonly sudoTokens: Tickets<{ readonly sub: string }>;
  /** Other issuers whose tokens are this environment's own: where it was when it was exported. */
  readonly formerIssuers: Set<string>;
}

export interface EnvironmentSettings {
  readonly envId: string;
  readonly issuer: () => string;
  readonly registeredClient: Environment["registeredClient"];
  readonly now?: (() => number) | undefined;
  readonly random?: Random | undefined;
  readonly delivered?: ((message: Message) => void) | undefined;
}

/** docs.cloudbase.net http-api/auth/user-sudo: `expires_in` 900. */
const sudoLifetimeSeconds = 900;

export async function createEnvironment(settings: EnvironmentSettings): Promise<Environment> {
  const { envId, issuer, registeredClient, random = createRandom(), delivered = () => {} } = settings;
  const clock = createClock(settings.now);
  const createMemory = (): Memory => ({
    users: createUsers(clock, random),
    sessions: createSessions(clock, random),
    codes: createCodes(clock, random),
    inbox: createInbox(delivered),
    verificationTokens: createTickets(clock, random, codeLifetimeSeconds),
    sudoTokens: createTickets(clock, random, sudoLifetimeSeconds),
    formerIssuers: new Set(),
  });
  const environment: Environment = {
    envId,
    issuer,
    registeredClient,
    clock,
    random,
    keys: await createSigningKeys(random),
    revokedTokens: new Set(),
    ...createMemory(),
    forget() {
      const gone = [...environment.users.removedSubs(), ...environment.users.all().map(({ sub }) => sub)];
      clock.reset();
      Object.assign(environment, createMemory());
      environment.users.restore([], gone);
    },
  };
  return environment;
}
