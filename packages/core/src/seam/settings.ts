import { isChallengeText } from "../protocol/challenge.ts";
import { fromHeader } from "../protocol/credentials.ts";
import type { ClientOptions } from "../words/client-options.ts";
import type {
  CloudbaseAuthOptions,
  KeySetTimes,
  SharedOptions,
  SignatureAlgorithm,
  TokenCacheLimits,
} from "../words/options.ts";
import type { CredentialsSource } from "../words/credentials.ts";
import type { Locale } from "../words/errors.ts";
import type { RefreshSettings } from "../words/refresh.ts";
import type { RevocationOptions } from "../words/revocation.ts";
import type { VerificationMode } from "../words/verification.ts";
import { parseClientOptions } from "./client-settings.ts";
import { environmentOptionNames, parseEnvironment } from "./environment-settings.ts";
import type { EnvironmentSettings, Surroundings } from "./environment-settings.ts";
import { parseDocsBaseUrl, parseLocale } from "./wording-settings.ts";
import { parseSeconds, parseWhole, refuseUnknown } from "./option-checks.ts";
import { parseRefresh, parseRevocation, parseVerification } from "./verification-settings.ts";

/** All options, checked and complete. */
export interface Settings {
  readonly environments: readonly EnvironmentSettings[];
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly clockToleranceSeconds: number;
  readonly maxTokenLifetimeSeconds: number;
  readonly keySet: KeySetTimes;
  readonly tokenCache: TokenCacheLimits;
  readonly credentials: readonly CredentialsSource[];
  readonly verification: VerificationMode;
  readonly revocation: RevocationOptions;
  readonly refresh: RefreshSettings;
  readonly realm: string;
  readonly explain: boolean;
  readonly locale: Locale | "auto";
  readonly docsBaseUrl: string | undefined;
  readonly now: () => number;
  readonly dispatcher: SharedOptions["dispatcher"];
  readonly onWarning: SharedOptions["onWarning"];
  readonly client: ClientOptions;
}

const optionNames: readonly string[] = [
  ...environmentOptionNames,
  ...([
    "algorithms",
    "clockToleranceSeconds",
    "maxTokenLifetimeSeconds",
    "realm",
    "explain",
    "allowInsecureEndpoint",
  ] as const),
  ...(["locale", "docsBaseUrl"] as const),
  ...(["credentials", "keySet", "tokenCache", "verification", "revocation", "refresh"] as const),
  ...(["now", "dispatcher", "onWarning", "environments", "client"] as const),
] satisfies (keyof CloudbaseAuthOptions)[];
const allAlgorithms: readonly string[] = ["RS256", "PS256", "ES256", "EdDSA"] satisfies SignatureAlgorithm[];

/**
 * Checks options and fills in what is missing, from the `CLOUDBASE_*` variables first; an explicit option wins.
 *
 * @throws TypeError naming the option, the variable where there is one, and the fix
 */
export function parseSettings(options: CloudbaseAuthOptions, variables: Surroundings["variables"]): Settings {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError("the options of cloudbaseAuth() must be an object, or be left out");
  }
  refuseUnknown(options, optionNames, "option");
  const allowInsecureEndpoint = parseFlag(options.allowInsecureEndpoint, "allowInsecureEndpoint");
  return {
    environments: parseEnvironments(options, { variables, allowInsecureEndpoint }),
    algorithms: parseAlgorithms(options.algorithms),
    clockToleranceSeconds: parseSeconds(options.clockToleranceSeconds ?? 5, "clockToleranceSeconds", 0, 60),
    maxTokenLifetimeSeconds: parseSeconds(options.maxTokenLifetimeSeconds ?? 604_800, "maxTokenLifetimeSeconds", 1),
    keySet: parseWhole(options.keySet, "keySet", {
      ttlSeconds: { standard: 600, least: 1 },
      maxStaleSeconds: { standard: 3_600, least: 0 },
    }),
    tokenCache: parseWhole(options.tokenCache, "tokenCache", {
      maxTokens: { standard: 10_000, least: 0 },
      maxBytes: { standard: 33_554_432, least: 0 },
    }),
    credentials: parseCredentials(options.credentials),
    verification: parseVerification(options.verification),
    revocation: parseRevocation(options.revocation),
    refresh: parseRefresh(options.refresh),
    realm: parseRealm(options.realm),
    explain: parseFlag(options.explain, "explain"),
    locale: parseLocale(options.locale),
    docsBaseUrl: parseDocsBaseUrl(options.docsBaseUrl),
    now: parseFunction(options.now, "now") ?? Date.now,
    dispatcher: parseDispatcher(options.dispatcher),
    onWarning: parseFunction(options.onWarning, "onWarning"),
    client: parseClientOptions(options.client ?? {}, "client."),
  };
}

function parseEnvironments(options: CloudbaseAuthOptions, surroundings: Surroundings): readonly EnvironmentSettings[] {
  if (options.environments === undefined) return [parseEnvironment(options, "", surroundings)];
  const surplus = environmentOptionNames.find((name) => options[name] !== undefined);
  if (surplus !== undefined) {
    throw new TypeError(`option ${surplus} has no place beside option environments; move it into one of them`);
  }
  const list: unknown = options.environments;
  if (!Array.isArray(list) || list.length === 0) {
    throw new TypeError('option environments must be an array such as [{ envId: "a" }, { envId: "b" }]');
  }
  const environments = options.environments.map((environment, index) => {
    const path = `environments[${String(index)}].`;
    if (typeof environment !== "object" || environment === null) {
      throw new TypeError(`option environments[${String(index)}] must be an object with an envId`);
    }
    refuseUnknown(environment, environmentOptionNames, `option environments[${String(index)}]: option`);
    // Several environments are written out: a variable would be mixed into all of them.
    return parseEnvironment(environment, path, {
      ...surroundings,
      variables: { NODE_ENV: surroundings.variables["NODE_ENV"] },
    });
  });
  const issuers = environments.flatMap((environment) => [...new Set(environment.issuers)]);
  const shared = issuers.find((issuer, index) => issuers.indexOf(issuer) !== index);
  if (shared !== undefined) {
    throw new TypeError(
      `option environments: ${shared} is an issuer of two of them; an issuer must pick one environment`,
    );
  }
  return environments;
}

function parseAlgorithms(value: readonly SignatureAlgorithm[] | undefined): readonly SignatureAlgorithm[] {
  if (value === undefined) return Object.freeze(["RS256"] as const);
  const list: unknown = value;
  if (!Array.isArray(list) || list.length === 0 || !list.every((name) => allAlgorithms.includes(name))) {
    throw new TypeError(`option algorithms must be an array of at least one of ${allAlgorithms.join(", ")}`);
  }
  return Object.freeze([...value]);
}

function parseCredentials(value: readonly CredentialsSource[] = [fromHeader()]): readonly CredentialsSource[] {
  const list: unknown = value;
  const fits = Array.isArray(list) && list.length > 0 && value.every((source) => typeof source?.read === "function");
  if (!fits) throw new TypeError("option credentials must be an array such as [fromHeader(), fromQuery()]");
  const names = value.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new TypeError(`option credentials names ${twice} twice; every request would be refused`);
  return Object.freeze([...value]);
}

function parseFlag(value: boolean | undefined, name: string): boolean {
  if (value !== undefined && typeof value !== "boolean") throw new TypeError(`option ${name} must be true or false`);
  return value ?? false;
}

function parseRealm(realm: string | undefined): string {
  if (realm === undefined) return "cloudbase";
  if (typeof realm !== "string" || realm === "" || !isChallengeText(realm)) {
    throw new TypeError("option realm must be a non-empty ASCII text without quotes and backslashes");
  }
  return realm;
}

function parseDispatcher(dispatcher: SharedOptions["dispatcher"]): SharedOptions["dispatcher"] {
  // By its shape: the application may well bring another copy of undici.
  if (dispatcher !== undefined && typeof dispatcher?.dispatch !== "function") {
    throw new TypeError("option dispatcher must be an undici Dispatcher such as new ProxyAgent(url)");
  }
  return dispatcher;
}

function parseFunction<Value>(value: Value, name: string): Value {
  if (value !== undefined && typeof value !== "function") throw new TypeError(`option ${name} must be a function`);
  return value;
}
