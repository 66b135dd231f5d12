import { createForger } from "../forgeries/forge.ts";
import type { ForgedToken, ForgeOptions, Forger, ForgeryKind } from "../forgeries/forge.ts";
import { grantMadeUp, issueMadeUpToken } from "../operations/grant.ts";
import type { CustomLoginKeyFile } from "../state/custom-login-keys.ts";
import type { EmulatorClock } from "../state/clock.ts";
import type { Environment } from "../state/environment.ts";
import type { Inbox } from "../state/inbox.ts";
import { newSubject } from "../state/users.ts";
import type { Fault, Faults } from "./faults.ts";
import { mintGatewayContext } from "./gateway-context.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { parseState } from "./parse-state.ts";
import type { RequestLog } from "./request-log.ts";
import { exportState, restoreState } from "./stored-state.ts";
import type { EmulatorState } from "./stored-state.ts";

/** What a test can do beside calling the API. The same is open over HTTP under /emulator. */
export interface Controls {
  /** The codes that were "sent" by SMS and e-mail. */
  readonly inbox: Inbox;
  /** The emulator's time: every `iat`, `exp` and lifetime follows it. */
  readonly clock: EmulatorClock;
  /** The last 1000 requests to the API, without secrets. */
  readonly requests: RequestLog;
  /**
   * The published key that has not signed yet starts to sign, a new one is published for the next rotation, and the
   * one that signed until now is dropped: its tokens are worth nothing from here on.
   */
  rotateKeys(): Promise<void>;
  /**
   * A really signed access token of a user that nobody has registered, for tests.
   *
   * @param claims - laid over the usual claims; a member that is `undefined` removes the claim
   */
  issueToken(claims?: Readonly<Record<string, unknown>>): Promise<string>;
  /**
   * What such a user has who just signed in. The refresh token is as good as any: exchanged, it gives tokens with the
   * same claims; signed out or revoked, it is over.
   */
  issueTokens(claims?: Readonly<Record<string, unknown>>): Promise<IssuedTokens>;
  /**
   * A token that a verifier must refuse, and why. Most are really signed, so that only the one thing is wrong.
   *
   * @throws TypeError (rejects) for a kind that there is not
   */
  issueForged(kind: ForgeryKind, options?: ForgeOptions): Promise<ForgedToken>;
  /** The key file that a backend signs custom tickets with, as the console of the real service lets one download it. */
  customLoginKey(): Promise<CustomLoginKeyFile>;
  /**
   * The header X-Cloudbase-Context as the gateway would send it to a hosted backend.
   *
   * @param context - laid over the usual members; an `accessToken` fills in the user
   * @throws TypeError (rejects) for an access token that is not valid
   */
  cloudbaseContext(context?: Partial<GatewayContext>): Promise<string>;
  /**
   * Lets the next `count` requests to an endpoint fail, on the wire.
   *
   * @param endpoint - "POST /auth/v1/token", or the path alone for every method
   * @throws TypeError for an endpoint that there is not, and for a fault that is none
   *
   * @example
   * ```ts
   * emulator.failNext("GET /auth/v1/certs", { kind: "status", status: 503 });
   * ```
   */
  failNext(endpoint: string, fault: Fault, count?: number): void;
  /**
   * Back to the beginning: the users and the import that the emulator was created with, no session, code, message,
   * log entry or fault, and the clock on its source. Other users' tokens are refused from then on.
   *
   * @param options - `keys: true` makes new keys too, so that every token issued so far is foreign
   */
  reset(options?: { readonly keys?: boolean | undefined }): Promise<void>;
  /** Users, sessions and keys as an object for JSON: private keys are in it. */
  export(): EmulatorState;
  /**
   * Puts an exported state in the place of this one: its tokens, refresh tokens and passwords work here. Written by
   * hand, `{ "version": 1, "users": [{ "username": "lihua", "password": "secret" }] }` is enough.
   *
   * @throws TypeError (rejects) that names the place; nothing has changed then
   */
  import(state: unknown): Promise<void>;
}

/** Tokens of one sign-in. */
export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Life of the access token from now. */
  readonly expiresInSeconds: number;
}

/** The controls, and what the server needs of the forger. */
export interface ControlRoom extends Controls {
  readonly forger: Forger;
}

export interface ControlRoomParts {
  readonly environment: Environment;
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly endpoint: () => string;
  /** Fills a memory that was just emptied. */
  readonly begin: () => Promise<void>;
}

export function createControls({ environment, log, faults, endpoint, begin }: ControlRoomParts): ControlRoom {
  const forger = createForger(environment, endpoint);
  const rotateKeys = () => environment.keys.rotate();

  return {
    forger,
    inbox: {
      latest: (to) => environment.inbox.latest(to),
      messages: () => environment.inbox.messages(),
      captcha: (token) => environment.inbox.captcha(token),
      captchas: () => environment.inbox.captchas(),
    },
    clock: environment.clock,
    requests: { entries: () => log.entries(), clear: () => log.clear() },
    rotateKeys,
    issueToken: (claims = {}) => issueMadeUpToken(environment, newSubject(environment.random), claims),
    issueTokens: (claims = {}) => issueTokens(environment, claims),
    issueForged: (kind, options) => forger.forge(kind, options),
    customLoginKey: () => environment.customLoginKeys.file(),
    cloudbaseContext: (context) => mintGatewayContext(environment, context),
    failNext: (at, fault, count) => faults.add(at, fault, count),
    async reset({ keys = false } = {}) {
      environment.forget();
      faults.clear();
      await begin();
      if (keys) await Promise.all([rotateKeys(), rotateKeys()]);
      log.clear();
    },
    export: () => exportState(environment),
    import: async (state) => restoreState(environment, parseState(state, environment.envId)),
  };
}

async function issueTokens(environment: Environment, madeUp: Readonly<Record<string, unknown>>): Promise<IssuedTokens> {
  const { sub = newSubject(environment.random) } = madeUp;
  const { envId: clientId, sessions, settings } = environment;
  const opened = sessions.open({ sub: String(sub), clientId, providerType: "username", madeUp: { ...madeUp, sub } });
  const { access_token: accessToken } = await grantMadeUp(environment, opened);
  return { accessToken, refreshToken: opened.refreshToken, expiresInSeconds: settings.accessTokenSeconds };
}
