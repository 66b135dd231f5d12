import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createAuthClient,
  createCloudbaseAuth,
  createMemoryRefreshCoordinator,
  createMemoryRevocationStore,
  fromCloudbaseContext,
  fromCookie,
  fromForm,
  fromHeader,
  fromQuery,
} from "../src/index.ts";
import type { AuthClientOptions, AuthRequest, CloudbaseAuth, CloudbaseAuthOptions } from "../src/index.ts";
import { instrument } from "../src/opentelemetry.ts";
import type { Instrumentation } from "../src/opentelemetry.ts";
import { channels } from "../src/outside/diagnostics.ts";
import { calls } from "./against-emulator/support/calls.ts";
import { createStages } from "./against-emulator/support/stage.ts";
import { echoes, startEchoServer } from "./support/echo-server.ts";
import type { EchoServer } from "./support/echo-server.ts";
import { createTelemetry } from "./support/telemetry.ts";
import type { Telemetry } from "./support/telemetry.ts";
import { issue, nowSeconds, publishedKey } from "./support/tokens.ts";
import { createWitness, piecesOf } from "./support/witness.ts";
import type { Witness } from "./support/witness.ts";

const word = "sentinel";
const clientSecret = `${word}-client-secret`;
const basic = Buffer.from(`demo:${clientSecret}`).toString("base64");
/** Claims that say who somebody is. */
const claims = { name: `${word}-name`, email: `${word}@example.com`, sub: `${word}-sub`, groups: [`${word}-group`] };

let server: EchoServer;
let telemetry: Telemetry;
let instrumentation: Instrumentation;
let witness: Witness;
const closing: { close: () => Promise<void> }[] = [];

const listen = (event: unknown, name: string | symbol): void => witness.see(String(name), event);
const seeWarning = (warning: Error): void => witness.see("a process warning", warning);

beforeEach(async () => {
  server = await startEchoServer([publishedKey]);
  telemetry = createTelemetry();
  instrumentation = instrument(telemetry);
  witness = createWitness();
  for (const name of Object.keys(channels)) subscribe(name, listen);
  process.on("warning", seeWarning);
});
afterEach(async () => {
  process.off("warning", seeWarning);
  for (const name of Object.keys(channels)) unsubscribe(name, listen);
  instrumentation.stop();
  for (const one of closing.splice(0)) await one.close();
  await server.close();
});

/** Nothing of it got anywhere, and there was something to see. */
function expectNothingOf(...tokens: readonly string[]): void {
  witness.see("metrics", telemetry.points);
  witness.see("spans", telemetry.spans);
  expect(witness.count()).toBeGreaterThan(20);
  expect(witness.placesOf([word, basic, ...tokens.flatMap(piecesOf)])).toEqual([]);
}

function createClient(options: AuthClientOptions = {}) {
  const endpoint = server.endpoint;
  const client = createAuthClient({ envId: "demo", endpoint, clientId: "demo", clientSecret, ...options });
  closing.push(client);
  return client;
}

function create(options: Partial<CloudbaseAuthOptions> = {}): CloudbaseAuth {
  const auth = createCloudbaseAuth({
    ...{ envId: "demo", endpoint: server.endpoint, clientId: "demo", clientSecret, now: () => nowSeconds * 1_000 },
    ...{ onWarning: (event: unknown) => witness.see("a warning", event) },
    ...options,
  } as CloudbaseAuthOptions);
  closing.push(auth);
  return auth;
}

/** Looks at whatever a call throws. */
async function see(where: string, call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => witness.see(where, error));
}

describe("every call of the client, where what it sent comes back", () => {
  it.each(Object.entries(echoes))("%s", async (_way, echo) => {
    server.echo = echo;
    const options = { timeoutMs: 1_000, requestId: "r" };
    for (const dialect of ["documented", "skill"] as const) {
      const client = createClient({ dialect });
      const all = Object.entries(calls).map(([name, { call }]) => see(name, call(client, options)));
      await Promise.all(all);
    }
    expect(server.count).toBeGreaterThan(60);
    expectNothingOf();
  });

  it("and where nobody answers", async () => {
    await server.close();
    const client = createClient();
    await Promise.all(Object.entries(calls).map(([name, { call }]) => see(name, call(client))));
    expectNothingOf();
    server = await startEchoServer([publishedKey]);
  });

  it("of the emulator, with its own answers", async () => {
    const stages = createStages();
    const { client } = await stages.open("documented");
    await Promise.all(Object.entries(calls).map(([name, { call }]) => see(name, call(client))));
    await stages.close();
    expectNothingOf();
  });

  it("arguments that are wrong", async () => {
    const client = createClient();
    const accessToken = `${word} with a space`;
    await see("an access token", client.user.me({ accessToken }));
    await see("a request id", client.signIn({ username: "li", password: word }, { requestId: accessToken }));
    await see("a device id", client.signIn({ username: "li", password: word }, { deviceId: word.repeat(20) }));
    await see("a refresh token", create().refresh({ refreshToken: word } as never));
    const key = { private_key: `${word}-key`, private_key_id: "k", env_id: "demo" };
    await see(
      "a login key",
      Promise.resolve().then(() => client.createTicket({ key, uid: "li" })),
    );
    expect(witness.count()).toBe(5 * 6);
    expectNothingOf();
  });
});

describe("what requests present", () => {
  const good = issue(claims);
  const lifetime = { iat: nowSeconds - 200, exp: nowSeconds - 100 };
  const context = gzipSync(JSON.stringify({ accessToken: good })).toString("base64");
  const presented: Readonly<Record<string, AuthRequest>> = {
    good: bearer(good),
    expired: bearer(issue({ ...claims, ...lifetime })),
    "not yet valid": bearer(issue({ ...claims, nbf: nowSeconds + 100 })),
    "of another issuer": bearer(issue({ ...claims, iss: `https://${word}.example` })),
    "for somebody else": bearer(issue({ ...claims, aud: `${word}-audience` })),
    "of an unknown key": bearer(issue(claims, { kid: `${word}-key-id` })),
    "of another algorithm": bearer(issue(claims, { alg: word })),
    "with a forged signature": bearer(`${good.slice(0, -8)}AAAAAAAA`),
    "no token": bearer(`${word}-opaque`),
    "half a token": bearer(good.slice(0, 200)),
    "two in one header": bearer(`${word} ${word}`),
    "a header that is repeated": {
      headers: bearer(good).headers,
      rawHeaders: ["Authorization", `Bearer ${good}`, "Authorization", `Bearer ${good}`],
    },
    "in two ways": { ...bearer(good), url: `/?access_token=${good}` },
    "in the query": { headers: {}, method: "GET", url: `/?access_token=${good}x` },
    "in a cookie, from elsewhere": {
      headers: { cookie: `at=${good}`, origin: `https://${word}.example` },
      method: "POST",
    },
    "in a form": {
      ...{ headers: { "content-type": "application/x-www-form-urlencoded" }, method: "POST" },
      body: { access_token: `${word}-in-a-form` },
    },
    "in the gateway's context": { headers: { "x-cloudbase-context": context } },
    "in a broken context": { headers: { "x-cloudbase-context": `${context}${word}` } },
  };
  const everyWay = [fromHeader(), fromCookie("at", { origins: ["https://app.example"] }), fromQuery(), fromForm()];

  async function presentAll(auth: CloudbaseAuth): Promise<Set<string>> {
    const states = new Set<string>();
    for (const [where, request] of Object.entries(presented)) {
      for (let count = 0; count < 3; count += 1) {
        const result = await auth.authenticate(request);
        states.add(result.auth.state);
        // Who is signed in stands in what is made of a good token, by design; the token does not.
        if (result.auth.state === "authenticated") expect(tokensIn(result.auth)).toEqual([]);
        else witness.see(where, result);
        const wanted = { groups: ["admins"], scopes: ["admin:all"], freshSeconds: 1 };
        witness.see(`${where}, authorize`, await auth.authorize(result, wanted, request));
        witness.see(`${where}, anonymous`, await auth.authorize(result, { anonymous: "only" }, request));
      }
      const upgrade = await auth.authenticateUpgrade(request, { origins: [] });
      witness.see(`${where}, upgrade`, upgrade.error);
    }
    witness.see("the instance", auth);
    witness.see("its status", auth.status());
    return states;
  }

  function tokensIn(value: object): string[] {
    const look = createWitness();
    look.see("a result", value);
    return look.placesOf([clientSecret, ...piecesOf(good)]);
  }

  const signatures = Object.values(presented)
    .map(({ headers }) => headers["authorization"])
    .filter((header) => typeof header === "string" && header.split(".").length === 3) as string[];

  it.each<[string, Partial<CloudbaseAuthOptions>, string[]]>([
    ["local", { explain: true }, ["authenticated", "rejected"]],
    [
      "hybrid",
      { verification: { mode: "hybrid", introspectAfterSeconds: 1, onUnavailable: "fail" } },
      ["authenticated"],
    ],
    ["introspection", { verification: { mode: "introspection" } }, ["unavailable", "rejected"]],
    ["in every way", { credentials: everyWay }, ["authenticated", "rejected"]],
    ["by the context alone", { credentials: [fromCloudbaseContext()] }, ["authenticated", "rejected", "absent"]],
    ["in the request's language", { locale: "auto" }, ["authenticated", "rejected"]],
  ])("%s, with a server that echoes", async (_mode, options, states) => {
    server.echo = echoes["as a page"] ?? server.echo;
    expect([...(await presentAll(create(options)))]).toEqual(expect.arrayContaining(states));
    expectNothingOf(...signatures);
  });

  it("with a key set that is out of reach", async () => {
    const auth = create({ endpoint: "http://127.0.0.1:1" });
    expect([...(await presentAll(auth))]).toContain("unavailable");
    await see("ready", auth.ready());
    expectNothingOf(...signatures);
  });

  it("revoked here, in the store and at a server that echoes", async () => {
    const store = createMemoryRevocationStore();
    const kept: typeof store = {
      ...store,
      add(revocation) {
        witness.see("the revocation store", revocation);
        return store.add(revocation);
      },
    };
    for (const echo of Object.values(echoes)) {
      server.echo = echo;
      const auth = create({ revocation: { store: kept } });
      await see("revoke", auth.revoke(good));
      await see("revoke what is no good", auth.revoke(`${word}-opaque`));
      await auth.revokeUser("somebody");
      await auth.revokeEnvironment();
      witness.see("a revoked token", await auth.authenticate(bearer(good)));
      witness.see("status", auth.status());
    }
    expectNothingOf(good);
  });
});

describe("refresh tokens", () => {
  it("with a coordinator, by echoes and by an answer", async () => {
    const coordinator = createMemoryRefreshCoordinator();
    const watched = new Proxy(
      { ...coordinator },
      {
        get(target, name, receiver) {
          const own: unknown = Reflect.get(target, name, receiver);
          if (typeof own !== "function") return own;
          return async (turn: unknown) => {
            witness.see("the coordinator is given", turn);
            const answer: unknown = await Reflect.apply(own, target, [turn]);
            witness.see("the coordinator answers", answer);
            return answer;
          };
        },
      },
    );
    const auth = create({ refresh: { coordinator: watched } });
    for (const echo of Object.values(echoes)) {
      server.echo = echo;
      await see("refresh", auth.refresh(`${word}-refresh-token`, { session: "s" }));
    }
    const tokens = { access_token: `${word}-access-token`, refresh_token: `${word}-next-refresh-token` };
    server.echo = (response) =>
      response.end(JSON.stringify({ ...tokens, token_type: "Bearer", expires_in: 7_200, sub: "li" }));
    const refreshed = await auth.refresh(`${word}-second-refresh-token`);
    expect(refreshed.accessToken).toBe(tokens.access_token);
    expect(await auth.refresh(`${word}-second-refresh-token`)).toEqual(refreshed);
    expectNothingOf();
  });
});

it("the witness sees what is there to be seen", () => {
  const token = issue();
  const hidden = Object.assign(new Error("outer", { cause: new Error(`at ${token}`) }), { data: { deep: [word] } });
  witness.see("here", hidden);
  expect(witness.placesOf([word]).length).toBeGreaterThanOrEqual(4);
  expect(witness.placesOf(piecesOf(token)).length).toBeGreaterThanOrEqual(4);
});

function bearer(token: string): AuthRequest {
  return { headers: { authorization: `Bearer ${token}` }, method: "GET", url: "/" };
}
