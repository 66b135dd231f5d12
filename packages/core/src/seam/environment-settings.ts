import { endpointOf, isEnvId, isRegion, issuersOf } from "../protocol/environment.ts";
import type { EnvironmentOptions } from "../words/options.ts";

/** One environment, checked and complete. */
export interface EnvironmentSettings {
  readonly envId: string;
  /** Origin, without a slash at the end. */
  readonly endpoint: string;
  readonly issuers: readonly string[];
  readonly audience: readonly string[];
  readonly clientId: string | undefined;
  /** Not enumerable, so that nothing that shows the settings shows it. */
  readonly clientSecret: string | undefined;
}

/** What surrounds the options: the process environment, and whether plain http was allowed. */
export interface Surroundings {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly allowInsecureEndpoint: boolean;
}

export const environmentOptionNames = [
  "envId",
  "region",
  "host",
  "endpoint",
  "clientId",
  "clientSecret",
  "audience",
  "issuers",
] as const satisfies readonly (keyof EnvironmentOptions)[];

const variableNames = {
  envId: "CLOUDBASE_ENV_ID",
  region: "CLOUDBASE_REGION",
  endpoint: "CLOUDBASE_AUTH_ENDPOINT",
  clientId: "CLOUDBASE_CLIENT_ID",
  clientSecret: "CLOUDBASE_CLIENT_SECRET",
} as const;

/**
 * Checks the options of one environment. `path` stands before the option names in messages.
 *
 * @throws TypeError naming the option, its variable and the fix
 */
export function parseEnvironment(
  options: EnvironmentOptions,
  path: string,
  surroundings: Surroundings,
): EnvironmentSettings {
  const { variables } = surroundings;
  const read = (name: keyof typeof variableNames): string | undefined => {
    // A variable that is set to nothing is how shells and compose files say "not set".
    const value = options[name] ?? (variables[variableNames[name]] || undefined);
    if (value !== undefined && typeof value !== "string") throw new TypeError(`${called(path, name)} must be a string`);
    return value;
  };

  const envId = read("envId");
  if (envId === undefined) {
    throw new TypeError(`${called(path, "envId")} is missing; set it to the id of your CloudBase environment`);
  }
  if (!isEnvId(envId)) {
    throw new TypeError(
      `${called(path, "envId")} must be 1 to 40 characters of a-z, 0-9, _ and -, as the console shows it`,
    );
  }
  const region = read("region") ?? "ap-shanghai";
  if (!isRegion(region)) throw new TypeError(`${called(path, "region")} must be a region name such as ap-shanghai`);
  const { host = "tcb-api" } = options;
  if (host !== "tcb-api" && host !== "gateway")
    throw new TypeError(`option ${path}host must be "tcb-api" or "gateway"`);
  const clientId = read("clientId");
  if (clientId === "") throw new TypeError(`${called(path, "clientId")} must not be empty`);
  const clientSecret = read("clientSecret");
  if (clientSecret !== undefined && clientId === undefined) {
    throw new TypeError(
      `${called(path, "clientSecret")} is set without ${called(path, "clientId")}; set both or neither`,
    );
  }
  if (clientSecret === "") throw new TypeError(`${called(path, "clientSecret")} must not be empty`);
  const endpoint = parseEndpoint(read("endpoint"), path, surroundings);
  const standardIssuers = endpoint === undefined ? issuersOf(envId, region) : [...issuersOf(envId, region), endpoint];
  const settings = {
    envId,
    endpoint: endpoint ?? endpointOf(envId, region, host),
    issuers: parseNames(options.issuers, `${path}issuers`) ?? standardIssuers,
    audience: parseNames(options.audience, `${path}audience`) ?? (clientId === undefined ? [envId] : [envId, clientId]),
    clientId,
    clientSecret,
  };
  Object.defineProperty(settings, "clientSecret", { enumerable: false });
  return Object.freeze(settings);
}

/** How a message names an option: with the variable that may give it too, where it may. */
function called(path: string, name: keyof typeof variableNames): string {
  return path === "" ? `option ${name} (variable ${variableNames[name]})` : `option ${path}${name}`;
}

function parseNames(value: string | readonly string[] | undefined, name: string): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const names = list.filter((entry) => typeof entry === "string" && entry !== "");
  if (list.length === 0 || names.length !== list.length) {
    throw new TypeError(`option ${name} must be a non-empty string or an array of at least one`);
  }
  return Object.freeze(names.map(String));
}

function parseEndpoint(value: string | undefined, path: string, surroundings: Surroundings): string | undefined {
  if (value === undefined) return undefined;
  const name = called(path, "endpoint");
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new TypeError(`${name} must be an http(s) origin such as http://127.0.0.1:9320`);
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "") {
    throw new TypeError(`${name} must be an origin only; leave out path, query and credentials`);
  }
  if (url.protocol === "http:" && !surroundings.allowInsecureEndpoint) {
    const fix = "use https, or set allowInsecureEndpoint: true if nobody can sit in between";
    if (!isLoopback(url.hostname)) throw new TypeError(`${name} is plain http outside of loopback; ${fix}`);
    if (surroundings.variables["NODE_ENV"] === "production") {
      throw new TypeError(`${name} is plain http while NODE_ENV is production; ${fix}`);
    }
  }
  return url.origin;
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
