import { context, diag, metrics, trace } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createCloudbaseAuth } from "../src/index.ts";
import type { CloudbaseAuth, CloudbaseAuthOptions } from "../src/index.ts";
import { instrument } from "../src/opentelemetry.ts";
import type { Instrumentation } from "../src/opentelemetry.ts";
import * as door from "../src/opentelemetry.ts";
import { channels } from "../src/outside/diagnostics.ts";
import { json, startAuthServer } from "./support/auth-server.ts";
import type { AuthServer } from "./support/auth-server.ts";
import { createTelemetry, followContext } from "./support/telemetry.ts";
import type { Telemetry } from "./support/telemetry.ts";
import { issue } from "./support/tokens.ts";

let server: AuthServer;
let telemetry: Telemetry;
let instrumentation: Instrumentation;
const instances: CloudbaseAuth[] = [];

beforeEach(async () => {
  server = await startAuthServer();
  telemetry = createTelemetry();
  instrumentation = instrument(telemetry);
});
afterEach(async () => {
  instrumentation.stop();
  for (const instance of instances.splice(0)) await instance.close();
  await server.close();
});

function create(options: Partial<CloudbaseAuthOptions> = {}): CloudbaseAuth {
  const base = { envId: "demo", endpoint: server.endpoint, now: () => 1_800_000_000_000, onWarning: () => undefined };
  const instance = createCloudbaseAuth({ ...base, ...options } as CloudbaseAuthOptions);
  instances.push(instance);
  return instance;
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const environment = { "cloudbase_auth.environment": "demo" };

/** The values of one metric and their attributes. */
function recorded(name: string): unknown[] {
  return telemetry.points.filter((point) => point.name === name).map(({ value, attributes }) => [value, attributes]);
}

it("what the door exports", () => expect(Object.keys(door)).toEqual(["instrument"]));

it("the instruments, their units and, for the one that has a convention, its bounds", () => {
  const units = [...telemetry.instruments].map(([name, { unit }]) => [name, unit]);
  expect(Object.fromEntries(units)).toEqual({
    "cloudbase_auth.authentications": "{request}",
    "cloudbase_auth.denials": "{request}",
    "cloudbase_auth.key_set.fetches": "{fetch}",
    "cloudbase_auth.key_set.age": "s",
    "cloudbase_auth.introspections": "{token}",
    "cloudbase_auth.refreshes": "{token}",
    "cloudbase_auth.revocations": "{revocation}",
    "http.client.request.duration": "s",
  });
  const bounds = telemetry.instruments.get("http.client.request.duration")?.advice?.explicitBucketBoundaries;
  expect(bounds).toEqual([0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]);
});

it("authentications by outcome, code, reason, and whether the answer was known", async () => {
  const auth = create();
  await auth.ready();
  const token = issue();
  for (const presented of [token, token, token, "rubbish"]) await auth.authenticate(bearer(presented));
  const good = { ...environment, "cloudbase_auth.outcome": "authenticated" };
  const known = { "cloudbase_auth.cache_hit": true };
  const unknown = { "cloudbase_auth.cache_hit": false };
  const bad = { "cloudbase_auth.outcome": "rejected", "error.type": "invalid_token" };
  expect(recorded("cloudbase_auth.authentications")).toEqual([
    ...[
      [1, { ...good, ...unknown }],
      [1, { ...good, ...unknown }],
      [1, { ...good, ...known }],
    ],
    [1, { ...bad, ...unknown, "cloudbase_auth.reason": "malformed" }],
  ]);
});

it("an outage: the answer, the fetch, its duration and its span say so", async () => {
  const auth = create();
  await server.close();
  await auth.authenticate(bearer(issue()));
  expect(recorded("cloudbase_auth.authentications")).toEqual([
    [
      1,
      {
        ...{ ...environment, "cloudbase_auth.outcome": "unavailable", "cloudbase_auth.cache_hit": false },
        ...{ "error.type": "service_unavailable", "cloudbase_auth.reason": "key_set" },
      },
    ],
  ]);
  expect(recorded("cloudbase_auth.key_set.fetches")).toEqual([
    [1, { ...environment, "cloudbase_auth.outcome": "failed" }],
  ]);
  expect(telemetry.observe()).toEqual([]);
  const [[seconds, attributes]] = recorded("http.client.request.duration") as [[number, object]];
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThan(1);
  expect(attributes).toMatchObject({ "error.type": "ECONNREFUSED", "cloudbase_auth.call": "keySet" });
  expect(telemetry.spans).toMatchObject([
    { name: "GET /auth/v1/certs", status: { code: 2 }, attributes: { "error.type": "ECONNREFUSED" } },
  ]);
  server = await startAuthServer();
});

it("the age of the key set grows from fetch to fetch", async () => {
  await create().ready();
  const [first] = telemetry.observe();
  expect(first).toMatchObject({ name: "cloudbase_auth.key_set.age", attributes: environment });
  const [second] = telemetry.observe();
  expect(second?.value).toBeGreaterThan(first?.value ?? Infinity);
  expect(second?.value).toBeLessThan(5);
});

it("denials, introspections, refreshes, revocations", async () => {
  const auth = create();
  const token = issue();
  const result = await auth.authenticate(bearer(token));
  await auth.authorize(result, { groups: ["admins"] });
  await vi.waitFor(() => expect(recorded("cloudbase_auth.denials")).toHaveLength(1));
  await auth.authorize(result, { freshSeconds: 1 });
  server.other = (_request, response) => json(response, { error: "invalid_grant" }, 400);
  await auth.client.refresh({ refreshToken: "r" }).catch(() => undefined);
  await auth.revoke(token);
  expect(recorded("cloudbase_auth.denials")).toEqual([
    [1, { ...environment, "error.type": "forbidden", "cloudbase_auth.reason": "group" }],
  ]);
  expect(recorded("cloudbase_auth.introspections")).toEqual([
    [1, { ...environment, "cloudbase_auth.outcome": "active" }],
  ]);
  expect(recorded("cloudbase_auth.refreshes")).toEqual([
    [1, { ...environment, "cloudbase_auth.outcome": "failed", "error.type": "invalid_grant" }],
  ]);
  const revoked = { ...environment, "cloudbase_auth.outcome": "done", "cloudbase_auth.revoked": "token" };
  expect(recorded("cloudbase_auth.revocations")).toEqual([
    [1, { ...revoked, "cloudbase_auth.told": "instance" }],
    [1, { ...revoked, "cloudbase_auth.told": "server" }],
  ]);
});

it("a span for each request, under the span that was active, with the conventions' attributes", async () => {
  const stop = followContext();
  const auth = create();
  let answers = 0;
  server.introspection = (_request, response) => {
    answers += 1;
    json(response, { sub: "x" }, answers === 1 ? 503 : 200, { "retry-after": "0" });
  };
  const parent = trace.wrapSpanContext({ traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: 1 });
  const call = () => auth.client.introspect({ accessToken: "a-token" });
  const from = Date.now();
  await context.with(trace.setSpan(context.active(), parent), call);
  stop();
  const { hostname, port } = new URL(server.endpoint);
  const attributes = {
    ...{ "http.request.method": "GET", "server.address": hostname, "server.port": Number(port) },
    ...{ "url.full": `${server.endpoint}/auth/v1/token/introspect` },
    ...{ ...environment, "cloudbase_auth.call": "introspect" },
  };
  const time: unknown = expect.any(Number);
  const span = { name: "GET /auth/v1/token/introspect", kind: 2, parent, startTime: time, endTime: time };
  expect(telemetry.spans).toEqual([
    {
      ...{ ...span, status: { code: 2 } },
      attributes: { ...attributes, "http.response.status_code": 503, "error.type": "503" },
    },
    {
      ...span,
      attributes: { ...attributes, "http.response.status_code": 200, "http.request.resend_count": 1 },
    },
  ]);
  for (const { startTime, endTime } of telemetry.spans) {
    expect(Number(startTime)).toBeGreaterThanOrEqual(from - 10);
    expect(Number(endTime)).toBeGreaterThanOrEqual(Number(startTime));
    expect(Number(endTime)).toBeLessThanOrEqual(Date.now());
  }
});

it("the variable part of a path is in no span", async () => {
  await create().client.providers.unbind({ accessToken: "a-token", providerId: "wx-1234" });
  expect(telemetry.spans).toMatchObject([{ name: "DELETE /auth/v1/user/provider/{provider_id}" }]);
  expect(JSON.stringify(telemetry.spans)).not.toContain("wx-1234");
});

it("stop() ends all of it, once or twice", async () => {
  instrumentation.stop();
  instrumentation.stop();
  const auth = create();
  await auth.ready();
  await auth.authenticate(bearer(issue()));
  expect(telemetry.points).toEqual([]);
  expect(telemetry.spans).toEqual([]);
  expect(telemetry.observe()).toEqual([]);
  expect(Object.values(channels).filter(({ hasSubscribers }) => hasSubscribers)).toEqual([]);
});

it("a provider that throws is reported to OpenTelemetry's own log and ends nothing", async () => {
  const said: unknown[] = [];
  const log = (...words: unknown[]): void => void said.push(...words);
  diag.setLogger({ error: log, warn: log, info: () => undefined, debug: () => undefined, verbose: () => undefined });
  said.length = 0;
  telemetry.points.push = () => {
    throw new Error("full");
  };
  expect((await create().authenticate(bearer(issue()))).auth.state).toBe("authenticated");
  diag.disable();
  expect(said.map(String)).toContain("Error: full");
});

it("without providers it uses the global ones", async () => {
  instrumentation.stop();
  trace.setGlobalTracerProvider(telemetry.tracerProvider);
  metrics.setGlobalMeterProvider(telemetry.meterProvider);
  const own = instrument();
  await create().ready();
  own.stop();
  trace.disable();
  metrics.disable();
  expect(telemetry.spans).toHaveLength(1);
  expect(recorded("cloudbase_auth.key_set.fetches")).toHaveLength(1);
});
