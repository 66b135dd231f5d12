import type { CheckedSettings } from "../settings.ts";
import type { ProviderAccount } from "../provider-settings.ts";
import type { Address } from "./address.ts";
import { captchaTokenLifetimeSeconds, createCaptchas } from "./captchas.ts";
import type { Captchas } from "./captchas.ts";
import { createClock } from "./clock.ts";
import type { EmulatorClock } from "./clock.ts";
import { codeLifetimeSeconds, createCodes } from "./codes.ts";
import type { Codes } from "./codes.ts";
import type { CustomLoginKeys } from "./custom-login-keys.ts";
import { createHistory } from "./history.ts";
import type { History } from "./history.ts";
import { createInbox } from "./inbox.ts";
import type { Message, Outbox } from "./inbox.ts";
import { createSigningKeys } from "./keys.ts";
import type { SigningKeys } from "./keys.ts";
import { createPasswordAttempts } from "./password-attempts.ts";
import type { PasswordAttempts } from "./password-attempts.ts";
import { createRandom } from "./random.ts";
import type { Random } from "./random.ts";
import { createSessions } from "./sessions.ts";
import type { Sessions } from "./sessions.ts";
import { createSmsLimits } from "./sms-limits.ts";
import type { SmsLimits } from "./sms-limits.ts";
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
  /** Where the server listens: pages of its own are under it. */
  readonly endpoint: () => string;
  readonly settings: CheckedSettings;
  /** The API key of client credentials; `undefined`: any is taken at its word. */
  readonly apiKey: { readonly id: string; readonly secret: string } | undefined;
  readonly customLoginKeys: CustomLoginKeys;
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
  readonly captchas: Captchas;
  /** Proof that somebody read an image. Good for more than one call, as the official SDK uses it. */
  readonly captchaTokens: Tickets<true>;
  readonly passwordAttempts: PasswordAttempts;
  readonly smsLimits: SmsLimits;
  readonly history: History;
  /** What a third party gave its visitor: `code`. */
  readonly providerCodes: Tickets<ProviderLogin & { readonly redirectUri: string }>;
  readonly providerTokens: Tickets<ProviderLogin>;
  /** Other issuers whose tokens are this environment's own: where it was when it was exported. */
  readonly formerIssuers: Set<string>;
}

/** Somebody who signed in at a third party. */
export interface ProviderLogin {
  readonly providerId: string;
  readonly account: ProviderAccount;
}

export interface EnvironmentSettings extends Pick<
  Environment,
  "envId" | "issuer" | "endpoint" | "registeredClient" | "settings" | "apiKey" | "customLoginKeys"
> {
  readonly now?: (() => number) | undefined;
  readonly random?: Random | undefined;
  readonly delivered?: ((message: Message) => void) | undefined;
}

/** docs.cloudbase.net http-api/auth/user-sudo: `expires_in` 900. */
const sudoLifetimeSeconds = 900;
/** docs.cloudbase.net http-api/auth/auth-grant-provider-token: `expires_in` 3600. */
const providerTokenLifetimeSeconds = 3600;
/** Chosen: RFC 6749 §4.1.2 recommends ten minutes at most. */
const providerCodeLifetimeSeconds = 600;

export async function createEnvironment(settings: EnvironmentSettings): Promise<Environment> {
  const { now, random = createRandom(), delivered = () => {}, ...fixed } = settings;
  const clock = createClock(now);
  const createMemory = (captchas = createCaptchas(clock, random)): Memory => ({
    users: createUsers(clock, random),
    sessions: createSessions(clock, random, fixed.settings),
    codes: createCodes(clock, random, fixed.settings.codeAttempts),
    inbox: createInbox(delivered, captchas),
    captchas,
    captchaTokens: createTickets(clock, random, captchaTokenLifetimeSeconds),
    passwordAttempts: createPasswordAttempts(clock, fixed.settings),
    smsLimits: createSmsLimits(clock, fixed.settings),
    history: createHistory(clock, random),
    providerCodes: createTickets(clock, random, providerCodeLifetimeSeconds),
    providerTokens: createTickets(clock, random, providerTokenLifetimeSeconds),
    verificationTokens: createTickets(clock, random, codeLifetimeSeconds),
    sudoTokens: createTickets(clock, random, sudoLifetimeSeconds),
    formerIssuers: new Set(),
  });
  const environment: Environment = {
    ...fixed,
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
