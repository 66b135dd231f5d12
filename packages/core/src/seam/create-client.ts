import { createClientCalls } from "../outside/client/create.ts";
import type { AuthClientCalls } from "../outside/client/create.ts";
import { createHttpClient } from "../outside/http.ts";
import type { HttpClient } from "../outside/http.ts";
import type { ClientOptions } from "../words/client-options.ts";
import type { EnvironmentOptions, SharedOptions } from "../words/options.ts";
import { clientOptionNames } from "./client-settings.ts";
import type { EnvironmentSettings } from "./environment-settings.ts";
import { parseSettings } from "./settings.ts";
import type { Settings } from "./settings.ts";

/** Options of {@link createAuthClient}: the environment's and the client's. */
export type AuthClientOptions = Pick<
  EnvironmentOptions,
  "envId" | "region" | "host" | "endpoint" | "clientId" | "clientSecret"
> &
  Pick<SharedOptions, "allowInsecureEndpoint" | "dispatcher" | "now"> &
  ClientOptions;

/** The typed client of one environment's Auth v2 API. */
export interface AuthClient extends AuthClientCalls {
  /** Closes the connections that the client opened. */
  readonly close: () => Promise<void>;
}

/**
 * A client of the Auth v2 HTTP API: sign-in, sign-up, codes, tokens, users, providers.
 *
 * What is left out of the options comes from the `CLOUDBASE_*` variables. Nothing is sent before the first call.
 *
 * @throws TypeError naming the option that is missing or wrong and the fix
 * @example
 * const client = createAuthClient({ envId: "my-env-1a2b3c" });
 * const { accessToken, refreshToken } = await client.signIn({ username: "lihua", password });
 */
export function createAuthClient(options: AuthClientOptions = {}): AuthClient {
  const entries = Object.entries(options);
  const isClients = ([name]: [string, unknown]): boolean => clientOptionNames.some((known) => known === name);
  const environment: Parameters<typeof parseSettings>[0] = Object.fromEntries(
    entries.filter((entry) => !isClients(entry)),
  );
  const client: ClientOptions = Object.fromEntries(entries.filter(isClients));
  const settings = parseSettings({ ...environment, client }, process.env);
  const http = createHttpClient(settings.dispatcher);
  const [only, second] = settings.environments;
  if (only === undefined || second !== undefined)
    throw new TypeError("a client is of one environment; leave option environments out");
  return Object.freeze({ ...clientOf(only, settings, http), close: http.close });
}

/** The calls of one environment over a transport that exists. @throws TypeError if the dialect needs more than is set */
export function clientOf(environment: EnvironmentSettings, settings: Settings, http: HttpClient): AuthClientCalls {
  const { envId, endpoint, clientId, clientSecret } = environment;
  if (settings.client.dialect === "skill" && (clientId === undefined || clientSecret === undefined)) {
    throw new TypeError(
      'dialect "skill" authenticates the client by Basic; set options clientId and clientSecret (variables CLOUDBASE_CLIENT_ID and CLOUDBASE_CLIENT_SECRET)',
    );
  }
  return createClientCalls({
    envId,
    endpoint,
    clientId,
    clientSecret,
    options: settings.client,
    http,
    now: settings.now,
  });
}
