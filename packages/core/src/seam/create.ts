import { keySetPath } from "../protocol/environment.ts";
import { createRefusals } from "../protocol/refusals.ts";
import { createHttpClient } from "../outside/http.ts";
import { KeySetUnavailableError, createKeySet } from "../outside/key-set.ts";
import type { KeySetStatus } from "../outside/key-set.ts";
import type { AuthClientCalls } from "../outside/client/create.ts";
import { createWarnings } from "../outside/warnings.ts";
import type { AuthRequest, AuthResult } from "../words/auth.ts";
import type { AuthError } from "../words/errors.ts";
import type { CloudbaseAuthOptions } from "../words/options.ts";
import type { Requirement } from "../words/requirement.ts";
import { createAuthenticator } from "./authenticator.ts";
import { createAuthorize } from "./authorize.ts";
import { clientOf } from "./create-client.ts";
import { createEnvironmentVerifier } from "./environment-verifier.ts";
import type { EnvironmentVerifier } from "./environment-verifier.ts";
import { parseSettings } from "./settings.ts";

/** What {@link createCloudbaseAuth} returns. */
export interface CloudbaseAuth {
  /**
   * Who sent this request. Never throws and never rejects: what went wrong is data in `result.auth`.
   *
   * Reads the Authorization header only. Checks form, algorithm, signature, issuer, audience, subject, times and
   * lifetime of the token; does not ask CloudBase, so a token that was revoked there is good until its `exp`.
   * Answers synchronously when no key has to be fetched.
   */
  readonly authenticate: (request: AuthRequest) => AuthResult | Promise<AuthResult>;
  /**
   * Whether the result satisfies the requirement: `undefined` if so, else the refusal. Without a requirement: a user who
   * is not anonymous.
   *
   * @throws TypeError if the requirement is not well-formed
   */
  readonly authorize: (
    result: AuthResult,
    requirement?: Requirement,
    request?: AuthRequest,
  ) => AuthError | undefined | Promise<AuthError | undefined>;
  /**
   * Fetches the key sets ahead of the first request; good before `listen()`, never needed.
   *
   * @throws AuthError `service_unavailable` if a key set is out of reach
   */
  readonly ready: () => Promise<void>;
  /**
   * The Auth v2 API of the environment; see `createAuthClient`.
   *
   * @throws TypeError with several environments: create a client for each
   */
  readonly client: AuthClientCalls;
  /** How the instance is doing; safe to log and to show to operators. */
  readonly status: () => CloudbaseAuthStatus;
  /** Closes the connections that the instance opened. */
  readonly close: () => Promise<void>;
}

/** What `status()` tells. */
export interface CloudbaseAuthStatus {
  readonly environments: readonly { readonly envId: string; readonly keySet: KeySetStatus }[];
}

/**
 * Wires everything that verifies the users of one or several CloudBase environments.
 *
 * Without options everything comes from `CLOUDBASE_ENV_ID`, `CLOUDBASE_REGION`, `CLOUDBASE_AUTH_ENDPOINT`,
 * `CLOUDBASE_CLIENT_ID` and `CLOUDBASE_CLIENT_SECRET`. Nothing is fetched before the first token or `ready()`.
 *
 * @throws TypeError naming the option that is missing or wrong, its variable, and the fix
 * @example
 * const auth = createCloudbaseAuth({ envId: "my-env-1a2b3c" });
 * const { auth: how, user } = await auth.authenticate(request);
 */
export function createCloudbaseAuth(options: CloudbaseAuthOptions = {}): CloudbaseAuth {
  const settings = parseSettings(options, process.env);
  const { algorithms, now } = settings;
  const refusals = createRefusals(settings.realm);
  const monotonic = () => performance.now();
  const warn = createWarnings(settings.onWarning, monotonic);
  const http = createHttpClient(settings.dispatcher);

  const verifiers = new Map<string, EnvironmentVerifier>();
  const environments = settings.environments.map(({ envId, endpoint, issuers, audience }) => {
    const url = endpoint + keySetPath;
    const keySet = createKeySet({ url, environment: envId, algorithms, http, warn, monotonic, random: Math.random });
    const verifier = createEnvironmentVerifier(envId, keySet, { ...settings, audience }, now);
    for (const issuer of issuers) verifiers.set(issuer, verifier);
    return verifier;
  });

  const [only, second] = settings.environments;
  const client: PropertyDescriptor =
    only !== undefined && second === undefined
      ? { value: clientOf(only, settings, http), enumerable: true }
      : { get: refuseClient }; // not enumerable: copying or logging the instance must not run into the TypeError

  const calls: Omit<CloudbaseAuth, "client"> = {
    authenticate: createAuthenticator({ verifiers, algorithms, refusals }),
    authorize: createAuthorize(refusals),
    async ready() {
      try {
        await Promise.all(environments.map(({ keySet }) => keySet.load()));
      } catch (error) {
        const retryAfterSeconds = error instanceof KeySetUnavailableError ? error.retryAfterSeconds : 1;
        throw refusals.serviceUnavailable("key_set", retryAfterSeconds, error);
      }
    },
    status: () => ({ environments: environments.map(({ envId, keySet }) => ({ envId, keySet: keySet.status() })) }),
    close: () => http.close(),
  };
  return Object.freeze(Object.defineProperty(calls, "client", client) as CloudbaseAuth);
}

function refuseClient(): never {
  throw new TypeError("auth.client is of one environment; with several, use createAuthClient({ envId }) for each");
}
