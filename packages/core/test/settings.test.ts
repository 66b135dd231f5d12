import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openAdapter } from "../src/adapter.ts";
import type { AdapterInput } from "../src/adapter.ts";
import { createCloudbaseAuth } from "../src/index.ts";
import type { CloudbaseAuth, CloudbaseAuthOptions } from "../src/index.ts";
import type { EnvironmentSettings } from "../src/seam/environment-settings.ts";
import { parseSettings } from "../src/seam/settings.ts";
import type { Settings } from "../src/seam/settings.ts";
import { envId } from "./support/tokens.ts";

const variables = [
  "CLOUDBASE_ENV_ID",
  "CLOUDBASE_REGION",
  "CLOUDBASE_AUTH_ENDPOINT",
  "CLOUDBASE_CLIENT_ID",
  "CLOUDBASE_CLIENT_SECRET",
  "NODE_ENV",
];

beforeEach(() => {
  for (const name of variables) vi.stubEnv(name, undefined);
});
afterEach(() => vi.unstubAllEnvs());

// Untyped callers, such as a JavaScript application, hand in anything.
const create = (options?: unknown): CloudbaseAuth => createCloudbaseAuth(options as CloudbaseAuthOptions | undefined);
const parse = (options: object, environment: Record<string, string> = {}): Settings =>
  parseSettings(options as CloudbaseAuthOptions, environment);
const only = (settings: Settings): EnvironmentSettings => {
  const [environment] = settings.environments;
  if (environment === undefined || settings.environments.length > 1) throw new Error("not one environment");
  return environment;
};

describe("what is missing or wrong is a TypeError that names the option, its variable and the fix", () => {
  it.each<[unknown, string]>([
    [undefined, "option envId (variable CLOUDBASE_ENV_ID) is missing; set it to the id of your CloudBase environment"],
    [{}, "option envId (variable CLOUDBASE_ENV_ID) is missing"],
    [null, "the options of cloudbaseAuth() must be an object, or be left out"],
    [[], "the options of cloudbaseAuth() must be an object"],
    ["demo", "the options of cloudbaseAuth() must be an object"],
    [{ envId: "" }, "option envId (variable CLOUDBASE_ENV_ID) must be 1 to 40 characters"],
    [{ envId: "Demo" }, "option envId (variable CLOUDBASE_ENV_ID) must be 1 to 40 characters of a-z, 0-9, _ and -"],
    [{ envId: "evil.example/" }, "option envId (variable CLOUDBASE_ENV_ID) must be"],
    [{ envId: "x".repeat(41) }, "option envId (variable CLOUDBASE_ENV_ID) must be"],
    [{ envId: 1 }, "option envId (variable CLOUDBASE_ENV_ID) must be a string"],
    [{ envId, region: "ap shanghai" }, "option region (variable CLOUDBASE_REGION) must be a region name"],
    [{ envId, region: "a.b" }, "option region (variable CLOUDBASE_REGION) must be a region name"],
    [{ envId, host: "tcb" }, 'option host must be "tcb-api" or "gateway"'],
    [
      { envId, endpoint: "127.0.0.1:9320" },
      "option endpoint (variable CLOUDBASE_AUTH_ENDPOINT) must be an http(s) origin",
    ],
    [
      { envId, endpoint: "ftp://127.0.0.1" },
      "option endpoint (variable CLOUDBASE_AUTH_ENDPOINT) must be an http(s) origin",
    ],
    [{ envId, endpoint: "https://a.example/auth" }, "must be an origin only; leave out path, query and credentials"],
    [{ envId, endpoint: "https://u:p@a.example" }, "must be an origin only"],
    [{ envId, endpoint: "https://a.example?x=1" }, "must be an origin only"],
    [{ envId, endpoint: "https://a.example#x" }, "must be an origin only"],
    [
      { envId, endpoint: "http://a.example" },
      "option endpoint (variable CLOUDBASE_AUTH_ENDPOINT) is plain http outside of loopback; use https",
    ],
    [{ envId, endpoint: "http://127.0.0.1.evil.example" }, "is plain http outside of loopback"],
    [{ envId, endpoint: "http://localhost.evil.example" }, "is plain http outside of loopback"],
    [{ envId, clientId: "" }, "option clientId (variable CLOUDBASE_CLIENT_ID) must not be empty"],
    [
      { envId, clientId: "c", clientSecret: "" },
      "option clientSecret (variable CLOUDBASE_CLIENT_SECRET) must not be empty",
    ],
    [
      { envId, clientSecret: "sentinel-secret" },
      "option clientSecret (variable CLOUDBASE_CLIENT_SECRET) is set without option clientId (variable CLOUDBASE_CLIENT_ID); set both or neither",
    ],
    [{ envId, audience: [] }, "option audience must be a non-empty string or an array of at least one"],
    [{ envId, audience: "" }, "option audience must be a non-empty string"],
    [{ envId, audience: ["a", 1] }, "option audience must be"],
    [{ envId, issuers: [] }, "option issuers must be a non-empty string or an array of at least one"],
    [{ envId, issuers: [/x/] }, "option issuers must be"],
    [{ envId, algorithms: [] }, "option algorithms must be an array of at least one of RS256, PS256, ES256, EdDSA"],
    [{ envId, algorithms: ["HS256"] }, "option algorithms must be"],
    [{ envId, algorithms: ["none"] }, "option algorithms must be"],
    [{ envId, algorithms: "RS256" }, "option algorithms must be"],
    [
      { envId, clockToleranceSeconds: 61 },
      "option clockToleranceSeconds must be a whole number of seconds from 0 to 60",
    ],
    [{ envId, clockToleranceSeconds: -1 }, "option clockToleranceSeconds must be"],
    [{ envId, clockToleranceSeconds: "5" }, "option clockToleranceSeconds must be"],
    [{ envId, clockToleranceSeconds: Number.NaN }, "option clockToleranceSeconds must be"],
    [{ envId, maxTokenLifetimeSeconds: 0 }, "option maxTokenLifetimeSeconds must be a whole number of seconds from 1"],
    [{ envId, maxTokenLifetimeSeconds: Infinity }, "option maxTokenLifetimeSeconds must be"],
    [{ envId, keySet: 600 }, "option keySet must be an object of ttlSeconds and maxStaleSeconds"],
    [{ envId, keySet: { ttl: 600 } }, "option keySet: option ttl is not known"],
    [{ envId, keySet: { ttlSeconds: 0 } }, "option keySet.ttlSeconds must be a whole number from 1 up"],
    [{ envId, keySet: { maxStaleSeconds: -1 } }, "option keySet.maxStaleSeconds must be a whole number from 0 up"],
    [{ envId, tokenCache: null }, "option tokenCache must be an object of maxTokens and maxBytes"],
    [{ envId, tokenCache: { maxTokens: 1.5 } }, "option tokenCache.maxTokens must be a whole number from 0 up"],
    [{ envId, tokenCache: { maxBytes: "32" } }, "option tokenCache.maxBytes must be a whole number from 0 up"],
    [{ envId, realm: 'a"b' }, "option realm must be a non-empty ASCII text without quotes and backslashes"],
    [{ envId, realm: "a\r\nb" }, "option realm must be"],
    [{ envId, realm: "" }, "option realm must be"],
    [{ envId, now: 5 }, "option now must be a function"],
    [{ envId, onWarning: "log" }, "option onWarning must be a function"],
    [{ envId, dispatcher: "http://proxy.example" }, "option dispatcher must be an undici Dispatcher such as"],
    [{ envId, dispatcher: {} }, "option dispatcher must be an undici Dispatcher"],
    [{ envId, dispatcher: null }, "option dispatcher must be an undici Dispatcher"],
    [{ envId, allowInsecureEndpoint: "yes" }, "option allowInsecureEndpoint must be true or false"],
    [{ envId, clockTolerance: 5 }, "option clockTolerance is not known; the options are envId, region"],
    [{ environments: [] }, "option environments must be an array such as"],
    [{ environments: { envId } }, "option environments must be an array such as"],
    [{ environments: [null] }, "option environments[0] must be an object with an envId"],
    [{ environments: [{}] }, "option environments[0].envId is missing"],
    [{ environments: [{ envId }, { envId: "Other" }] }, "option environments[1].envId must be"],
    [{ environments: [{ envId, realm: "x" }] }, "option environments[0]: option realm is not known"],
    [{ environments: [{ envId }], envId }, "option envId has no place beside option environments"],
    [
      { environments: [{ envId }, { envId, region: "ap-shanghai" }] },
      "http://demo.ap-shanghai.tcb-api.tencentcloudapi.com is an issuer of two of them",
    ],
  ])("%j", (options, message) => {
    expect(() => create(options)).toThrow(TypeError);
    expect(() => create(options)).toThrow(message);
    expect(() => create(options)).not.toThrow("sentinel");
  });

  it.each([
    ["CLOUDBASE_ENV_ID", "Not An Id", "option envId (variable CLOUDBASE_ENV_ID) must be"],
    ["CLOUDBASE_REGION", "???", "option region (variable CLOUDBASE_REGION) must be"],
    ["CLOUDBASE_AUTH_ENDPOINT", "localhost", "option endpoint (variable CLOUDBASE_AUTH_ENDPOINT) must be"],
    [
      "CLOUDBASE_CLIENT_SECRET",
      "sentinel-secret",
      "option clientSecret (variable CLOUDBASE_CLIENT_SECRET) is set without",
    ],
  ])("the variable %s = %s", (name, value, message) => {
    vi.stubEnv("CLOUDBASE_ENV_ID", envId);
    vi.stubEnv(name, value);
    expect(() => create()).toThrow(message);
    expect(() => create()).not.toThrow("sentinel");
  });
});

describe("where the options come from", () => {
  it("all from the variables", () => {
    const settings = parse(
      {},
      {
        CLOUDBASE_ENV_ID: "v-env",
        CLOUDBASE_REGION: "ap-guangzhou",
        CLOUDBASE_AUTH_ENDPOINT: "https://proxy.example/",
        CLOUDBASE_CLIENT_ID: "c",
        CLOUDBASE_CLIENT_SECRET: "s",
      },
    );
    expect(settings.environments).toEqual([
      {
        envId: "v-env",
        endpoint: "https://proxy.example",
        audience: ["v-env", "c"],
        clientId: "c",
        issuers: [
          "http://v-env.ap-guangzhou.tcb-api.tencentcloudapi.com",
          "https://v-env.ap-guangzhou.tcb-api.tencentcloudapi.com",
          "https://v-env.api.tcloudbasegateway.com",
          "https://proxy.example",
        ],
      },
    ]);
    expect(JSON.stringify(settings)).not.toContain('"s"');
  });

  it("an explicit option wins, each for itself; an empty variable is none", () => {
    const settings = parse(
      { envId: "o-env", region: "ap-beijing" },
      { CLOUDBASE_ENV_ID: "v-env", CLOUDBASE_REGION: "x", CLOUDBASE_CLIENT_ID: "c", CLOUDBASE_AUTH_ENDPOINT: "" },
    );
    expect(only(settings)).toMatchObject({
      envId: "o-env",
      endpoint: "https://o-env.ap-beijing.tcb-api.tencentcloudapi.com",
      audience: ["o-env", "c"],
    });
  });

  it("with environments the variables are not read", () => {
    const settings = parse(
      { environments: [{ envId: "a" }, { envId: "b" }] },
      { CLOUDBASE_REGION: "x", CLOUDBASE_AUTH_ENDPOINT: "https://proxy.example", CLOUDBASE_CLIENT_ID: "c" },
    );
    expect(settings.environments.map(({ endpoint, audience }) => [endpoint, audience])).toEqual([
      ["https://a.ap-shanghai.tcb-api.tencentcloudapi.com", ["a"]],
      ["https://b.ap-shanghai.tcb-api.tencentcloudapi.com", ["b"]],
    ]);
  });

  it("defaults", () => {
    expect(parse({ envId })).toMatchObject({
      algorithms: ["RS256"],
      clockToleranceSeconds: 5,
      maxTokenLifetimeSeconds: 604_800,
      realm: "cloudbase",
      now: Date.now,
    });
  });
});

describe("endpoints and issuers (docs.cloudbase.net http-api/basic/access-token)", () => {
  it.each([
    [
      { host: "tcb-api" },
      "https://demo.ap-shanghai.tcb-api.tencentcloudapi.com",
      "https://demo.api.tcloudbasegateway.com",
    ],
    [{ host: "gateway" }, "https://demo.api.tcloudbasegateway.com", "https://demo.api.tcloudbasegateway.com"],
    [
      { host: "gateway", region: "ap-hongkong" },
      "https://demo.api.tcloudbasegateway.com",
      "https://demo.api.tcloudbasegateway.com",
    ],
    [
      { host: "gateway", region: "ap-singapore" },
      "https://demo.api.intl.tcloudbasegateway.com",
      "https://demo.api.intl.tcloudbasegateway.com",
    ],
  ])("%j", (options, endpoint, gatewayIssuer) => {
    const environment = only(parse({ envId, ...options }));
    const region = "region" in options ? options.region : "ap-shanghai";
    expect(environment.endpoint).toBe(endpoint);
    expect(environment.issuers).toEqual([
      `http://demo.${region}.tcb-api.tencentcloudapi.com`,
      `https://demo.${region}.tcb-api.tencentcloudapi.com`,
      gatewayIssuer,
    ]);
  });

  it.each([
    ...["ap-shanghai", "ap-guangzhou", "ap-shenzhen-fsi", "ap-shanghai-fsi", "ap-nanjing", "ap-beijing"],
    ...["ap-chengdu", "ap-chongqing", "ap-hongkong"],
  ])("%s belongs to the China gateway", (region) => {
    expect(only(parse({ envId, host: "gateway", region })).endpoint).toBe("https://demo.api.tcloudbasegateway.com");
  });

  it("issuers and audience replace the defaults", () => {
    expect(only(parse({ envId, issuers: "https://i.example", audience: ["a", "b"] }))).toMatchObject({
      issuers: ["https://i.example"],
      audience: ["a", "b"],
    });
  });

  it.each(["http://127.0.0.1:9320", "http://127.1.2.3", "http://localhost:1", "http://[::1]:9320"])(
    "F51: %s is loopback, and refused in production",
    (endpoint) => {
      expect(only(parse({ envId, endpoint })).endpoint).toBe(endpoint);
      expect(() => parse({ envId, endpoint }, { NODE_ENV: "production" })).toThrow(
        "is plain http while NODE_ENV is production; use https, or set allowInsecureEndpoint: true",
      );
      expect(() => parse({ environments: [{ envId, endpoint }] }, { NODE_ENV: "production" })).toThrow(
        "option environments[0].endpoint is plain http while NODE_ENV is production",
      );
      expect(only(parse({ envId, endpoint, allowInsecureEndpoint: true }, { NODE_ENV: "production" })).endpoint).toBe(
        endpoint,
      );
    },
  );

  it("allowInsecureEndpoint opens plain http elsewhere", () => {
    expect(only(parse({ envId, endpoint: "http://a.example:8080", allowInsecureEndpoint: true })).endpoint).toBe(
      "http://a.example:8080",
    );
  });
});

describe("openAdapter: what cloudbaseAuth(x) takes", () => {
  const auth = createCloudbaseAuth({ envId });
  const names = { user: "user", auth: "auth" };
  it("an instance, options, or an instance with the adapter's options", () => {
    expect(openAdapter(auth)).toMatchObject({ auth, owned: false, property: names });
    expect(openAdapter({ auth, property: { user: "person" } })).toMatchObject({
      auth,
      owned: false,
      property: { ...names, user: "person" },
    });
    expect(openAdapter({ envId, property: { auth: "how" } })).toMatchObject({
      owned: true,
      property: { ...names, auth: "how" },
    });
    vi.stubEnv("CLOUDBASE_ENV_ID", envId);
    expect(openAdapter()).toMatchObject({ owned: true, property: names });
  });
  it.each<[object, string]>([
    [{ auth, envId }, "option envId has no effect beside option auth; give it to createCloudbaseAuth() instead"],
    [{ envId, property: { users: "x" } }, 'option property has no member "users"; use user and auth'],
    [{ envId, property: { user: "auth" } }, "option property must give two different names"],
    [{ envId, property: { user: "" } }, "option property must give two different names"],
    [{ envId, properties: {} }, "option properties is not known"],
  ])("%#: a TypeError", (input, message) => {
    expect(() => openAdapter(input as AdapterInput)).toThrow(message);
  });
});
