import { createJwsParser } from "../protocol/compact-jws.ts";
import { createExtract } from "../protocol/credentials.ts";
import { createRefusals } from "../protocol/refusals.ts";
import { createHttpClient } from "../outside/http.ts";
import { createRevocations } from "../outside/revocations.ts";
import { createWarnings } from "../outside/warnings.ts";
import type { AuthRequest } from "../words/auth.ts";
import type { CloudbaseAuthOptions } from "../words/options.ts";
import { createAuthenticator } from "./authenticator.ts";
import { createAuthorize } from "./authorize.ts";
import type { CloudbaseAuth } from "./cloudbase-auth.ts";
import { createEnvironment } from "./environment.ts";
import type { Environment } from "./environment.ts";
import { adoptKeySets, formatKeySets } from "./exported-key-sets.ts";
import { createRefusalOf, inLanguageOfRequest } from "./refusal-of.ts";
import { createRefusedTokens } from "./refused-tokens.ts";
import { createRefresh } from "./refresh.ts";
import { createRevoke } from "./revoke.ts";
import { parseSettings } from "./settings.ts";
import { unavailableAs } from "./unavailable.ts";
import { createAuthenticateUpgrade } from "./upgrade.ts";
import { createWatch } from "./watch.ts";

const noRequest: AuthRequest = Object.freeze({ headers: Object.freeze({}) });

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
  const { locale, docsBaseUrl } = settings;
  const refusals = createRefusals(settings.realm, { locale: locale === "auto" ? "en" : locale, docsBaseUrl });
  const authorize = createAuthorize(
    refusals,
    (envId) => environments.find((known) => known.envId === envId),
    settings.explain,
  );
  const monotonic = () => performance.now();
  const warn = createWarnings(settings.onWarning, monotonic);
  const http = createHttpClient(settings.dispatcher);
  const revocations = createRevocations({ ...settings.revocation, warn, monotonic, now: settings.now });
  const parse = createJwsParser(settings.algorithms);

  const byIssuer = new Map<string, Environment>();
  const environments = settings.environments.map((own) => {
    const environment = createEnvironment(own, settings, { http, revocations, warn, monotonic });
    for (const issuer of own.issuers) byIssuer.set(issuer, environment);
    return environment;
  });

  const [only, second] = environments;
  const client: PropertyDescriptor =
    only !== undefined && second === undefined ? { value: only.client, enumerable: true } : { get: refuseClient }; // not enumerable: copying or logging the instance must not run into the TypeError

  const authenticate = createAuthenticator({
    ...{ environments, byIssuer, refusals, parse, extract: createExtract(settings.credentials) },
    refused: createRefusedTokens(monotonic),
  });
  const authorizeInLanguage = locale === "auto" ? inLanguageOfRequest(authorize) : authorize;
  const watch = createWatch({ ...settings, authenticate, refusals, revocations });

  const refreshes = createRefresh({ ...settings, environments, refusals, warn, monotonic });

  const calls: Omit<CloudbaseAuth, "client"> = {
    authenticate: (request) => authenticate(request),
    authenticatePresented: (presented) => authenticate(noRequest, () => presented),
    refusals: Object.freeze(refusals),
    readsBody: settings.credentials.some(({ readsBody }) => readsBody),
    authorize: authorizeInLanguage,
    authenticateUpgrade: createAuthenticateUpgrade({
      ...{ authenticate, authorize: authorizeInLanguage, watch, credentials: settings.credentials },
    }),
    watch: (caller) => watch(caller),
    refusalOf: createRefusalOf(refusals, locale),
    refresh: refreshes.refresh,
    ...createRevoke({ ...settings, environments, byIssuer, parse, revocations, refusals }),
    async ready() {
      if (settings.verification.mode === "introspection") return;
      try {
        await Promise.all(environments.map(({ keySet }) => keySet.load()));
      } catch (error) {
        throw unavailableAs(refusals, error);
      }
    },
    exportKeySets: () => formatKeySets(environments, settings.now()),
    importKeySets: (text) => adoptKeySets(text, environments, settings.algorithms, settings.now()),
    status: () => ({
      environments: environments.map(({ envId, keySet, verified }) => {
        return { envId, keySet: keySet.status(), tokens: verified.status() };
      }),
      revocations: revocations.status(),
    }),
    async close() {
      await refreshes.drain();
      await revocations.close();
      await http.close();
    },
  };
  return Object.freeze(Object.defineProperty(calls, "client", client) as CloudbaseAuth);
}

function refuseClient(): never {
  throw new TypeError("auth.client is of one environment; with several, use createAuthClient({ envId }) for each");
}
