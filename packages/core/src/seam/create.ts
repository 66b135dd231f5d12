import { createJwsParser } from "../protocol/compact-jws.ts";
import { createRefusals } from "../protocol/refusals.ts";
import { createHttpClient } from "../outside/http.ts";
import { KeySetUnavailableError } from "../outside/key-set.ts";
import { createWarnings } from "../outside/warnings.ts";
import type { CloudbaseAuthOptions } from "../words/options.ts";
import { createAuthenticator } from "./authenticator.ts";
import { createAuthorize } from "./authorize.ts";
import type { CloudbaseAuth } from "./cloudbase-auth.ts";
import { clientOf } from "./create-client.ts";
import { createEnvironment } from "./environment.ts";
import type { Environment } from "./environment.ts";
import { adoptKeySets, formatKeySets } from "./exported-key-sets.ts";
import { createRefusedTokens } from "./refused-tokens.ts";
import { parseSettings } from "./settings.ts";

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
  const refusals = createRefusals(settings.realm);
  const monotonic = () => performance.now();
  const warn = createWarnings(settings.onWarning, monotonic);
  const http = createHttpClient(settings.dispatcher);

  const byIssuer = new Map<string, Environment>();
  const environments = settings.environments.map((own) => {
    const environment = createEnvironment(own, settings, { http, warn, monotonic });
    for (const issuer of own.issuers) byIssuer.set(issuer, environment);
    return environment;
  });

  const [only, second] = settings.environments;
  const client: PropertyDescriptor =
    only !== undefined && second === undefined
      ? { value: clientOf(only, settings, http), enumerable: true }
      : { get: refuseClient }; // not enumerable: copying or logging the instance must not run into the TypeError

  const calls: Omit<CloudbaseAuth, "client"> = {
    authenticate: createAuthenticator({
      ...{ environments, byIssuer, refusals },
      refused: createRefusedTokens(monotonic),
      parse: createJwsParser(settings.algorithms),
    }),
    authorize: createAuthorize(refusals),
    async ready() {
      try {
        await Promise.all(environments.map(({ keySet }) => keySet.load()));
      } catch (error) {
        const retryAfterSeconds = error instanceof KeySetUnavailableError ? error.retryAfterSeconds : 1;
        throw refusals.serviceUnavailable("key_set", retryAfterSeconds, error);
      }
    },
    exportKeySets: () => formatKeySets(environments, settings.now()),
    importKeySets: (text) => adoptKeySets(text, environments, settings.algorithms, settings.now()),
    status: () => ({
      environments: environments.map(({ envId, keySet, verified }) => {
        return { envId, keySet: keySet.status(), tokens: verified.status() };
      }),
    }),
    close: () => http.close(),
  };
  return Object.freeze(Object.defineProperty(calls, "client", client) as CloudbaseAuth);
}

function refuseClient(): never {
  throw new TypeError("auth.client is of one environment; with several, use createAuthClient({ envId }) for each");
}
