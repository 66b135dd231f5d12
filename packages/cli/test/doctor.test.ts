import { describe, expect, it } from "vitest";
import { startRedis } from "../../redis/test/support/redis.ts";
import { run } from "./support/command.ts";
import type { Variables } from "./support/command.ts";
import {
  atTheEnd,
  blackHole,
  closedPort,
  openEmulator,
  overTls,
  serve,
  serverWithClock,
  variablesFor,
} from "./support/stage.ts";
import { inTerminal } from "./support/terminal.ts";

interface Finding {
  readonly name: string;
  readonly outcome: string;
  readonly detail: string;
  readonly fix?: string;
}

/** Doctor in a terminal: the lines that it ends with, and what of it failed. */
async function doctor(variables: Variables, ...args: string[]) {
  const terminal = inTerminal(["doctor", ...args], variables);
  const code = await terminal.exit;
  const text = terminal.screen();
  const failed = [...text.matchAll(/^✗ (\S+(?: \S+)?) {2,}(.*)\n +→ (.*)$/gm)].map(([, name, what, fix]) => ({
    ...{ name, what, fix },
  }));
  return { code, text, failed };
}

describe.concurrent("doctor in a terminal", () => {
  it("a healthy environment: a real emulator, its client, and a real Redis", async () => {
    const client = { clientId: "backend", clientSecret: "right" };
    const emulator = await openEmulator(client);
    const redis = await startRedis();
    atTheEnd(() => redis.stop());
    const { code, text } = await doctor({
      ...variablesFor(emulator.endpoint),
      ...{ CLOUDBASE_CLIENT_ID: "backend", CLOUDBASE_CLIENT_SECRET: "right", REDIS_URL: redis.url },
    });
    expect(text).not.toContain("✗");
    expect(text).toMatch(/^✓ Node\.js {8}\d+\.\d+/m);
    expect(text).toContain(`✓ Configuration  environment demo at ${emulator.endpoint}`);
    expect(text).toContain("– DNS            127.0.0.1 is an address");
    expect(text).toMatch(/^✓ Connection .* takes connections \(\d+ ms\); plain http, no TLS$/m);
    expect(text).toMatch(/^✓ Latency {8}\d+ ms for an answer/m);
    expect(text).toMatch(/^✓ Key set {8}2 keys: .*\(RS256\), .*\(RS256\), fetched just now in/m);
    expect(text).toMatch(/^✓ Clock {10}agrees/m);
    expect(text).toContain("✓ Introspection  the server says that a made-up token is not valid");
    expect(text).toContain("✓ Client         the server takes the client id and secret");
    expect(text).toMatch(/^✓ Redis {10}(?:Redis|Valkey) \d+\..* answers/m);
    expect(text).toMatch(/\nAll is well\. If a token is refused all the same, cloudbase-auth explain says why\.\n$/);
    expect(code).toBe(0);
  });

  it("wrong client credentials", async () => {
    const emulator = await openEmulator({ clientId: "backend", clientSecret: "right" });
    const credentials = { CLOUDBASE_CLIENT_ID: "backend", CLOUDBASE_CLIENT_SECRET: "wrong-sentinel" };
    const { code, failed, text } = await doctor({ ...variablesFor(emulator.endpoint), ...credentials });
    expect(failed.map(({ name }) => name)).toEqual(["Client"]);
    expect(failed[0]?.what).toBe("the server does not accept the client secret (unauthorized_client)");
    expect(failed[0]?.fix).toContain("Yours to fix: set CLOUDBASE_CLIENT_ID and CLOUDBASE_CLIENT_SECRET");
    expect(text).toContain("1 check failed; begin with Client.");
    expect(text).not.toContain("wrong-sentinel");
    expect(code).toBe(1);
  });

  it("no configuration", async () => {
    const { code, failed, text } = await doctor({});
    expect(failed.map(({ name }) => name)).toEqual(["Configuration"]);
    expect(failed[0]?.what).toContain("(variable CLOUDBASE_ENV_ID) is missing");
    expect(failed[0]?.fix).toContain("Yours to fix.");
    expect(text).toContain("– Key set        not looked at without a configuration");
    expect(code).toBe(1);
  });

  it("nothing listens", async () => {
    const { code, failed, text } = await doctor(variablesFor(await closedPort()));
    expect(failed.map(({ name }) => name)).toEqual(["Connection"]);
    expect(failed[0]?.what).toMatch(/^nothing listens at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)$/);
    expect(failed[0]?.fix).toContain("Start what should listen there");
    expect(text).toContain("– Key set        not asked: the server does not answer");
    expect(code).toBe(1);
  });

  it("a black hole: says meanwhile what it waits for", async () => {
    const terminal = inTerminal(["doctor"], variablesFor(`http://${await blackHole()}`));
    await terminal.shows(/… asking http:\/\/127\.0\.0\.1:\d+ a few times \(1 s\)/);
    expect(await terminal.exit).toBe(1);
    expect(terminal.screen()).toMatch(
      /^✗ Latency {8}http:\/\/127\.0\.0\.1:\d+ takes connections and does not answer\n/m,
    );
    expect(terminal.screen()).toMatch(/→ Whoever runs what listens there has to look at it/);
    expect(terminal.screen()).not.toContain("…");
  });

  it.for([
    ["ahead of", -192, "tokens are refused as expired before their time has come"],
    ["behind", 192, "fresh tokens are refused as not valid yet"],
  ] as const)("this machine's clock is %s the server's", async ([side, seconds, consequence]) => {
    const emulator = await openEmulator();
    const { code, failed } = await doctor(variablesFor(await serverWithClock(emulator, seconds)));
    expect(failed.map(({ name }) => name)).toEqual(["Clock"]);
    expect(failed[0]?.what).toMatch(
      new RegExp(`^this machine is 3 minutes 1[0-4] seconds ${side} the server, and only`),
    );
    expect(failed[0]?.what).toContain(consequence);
    expect(failed[0]?.fix).toContain("Yours to fix: switch on time synchronisation");
    expect(code).toBe(1);
  });

  it("a key set of garbage", async () => {
    const emulator = await openEmulator();
    emulator.failNext("GET /auth/v1/certs", { kind: "garbage" }, 20);
    const { code, failed } = await doctor(variablesFor(emulator.endpoint));
    expect(failed.map(({ name }) => name)).toEqual(["Key set"]);
    expect(failed[0]?.what).toBe("the answer is not a JWK Set");
    expect(failed[0]?.fix).toContain(`Look at ${emulator.endpoint}/auth/v1/certs`);
    expect(code).toBe(1);
  });

  it("a key set with a private key in it", async () => {
    const jwk = { kty: "RSA", kid: "leaked", alg: "RS256", d: "secret-sentinel", n: "AQAB", e: "AQAB" };
    const emulator = await openEmulator();
    const published = await fetch(`${emulator.endpoint}/auth/v1/certs`).then((answer) => answer.text());
    const both = published.replace('{"keys":[', `{"keys":[${JSON.stringify(jwk)},`);
    const endpoint = await serve((_request, response) => response.end(both));
    const { failed, text } = await doctor(variablesFor(endpoint));
    expect(failed.find(({ name }) => name === "Key set")?.what).toContain(
      'the key with kid "leaked" is not used: it carries private or symmetric key material',
    );
    expect(text).not.toContain("secret-sentinel");
  });

  it("TLS, and for how long the certificate is good", async () => {
    const { endpoint, file } = await overTls(await openEmulator(), 2020, 2099);
    const { failed, text } = await doctor({ ...variablesFor(endpoint), NODE_EXTRA_CA_CERTS: file });
    expect(failed).toEqual([]);
    expect(text).toMatch(
      /^✓ Connection .* takes connections \(\d+ ms\), TLSv1\.\d, certificate good for \d+ days .*more$/m,
    );
  });

  it("a certificate that nobody vouches for", async () => {
    const { endpoint } = await overTls(await openEmulator(), 2020, 2099);
    const { failed } = await doctor(variablesFor(endpoint));
    expect(failed.map(({ name }) => name)).toEqual(["Connection"]);
    expect(failed[0]?.what).toMatch(/^the certificate of .* is not one to trust \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/);
    expect(failed[0]?.fix).toContain("NODE_EXTRA_CA_CERTS");
  });

  it("a certificate that has expired", async () => {
    const { endpoint, file } = await overTls(await openEmulator(), 2000, 2010);
    const { failed } = await doctor({ ...variablesFor(endpoint), NODE_EXTRA_CA_CERTS: file });
    expect(failed[0]?.what).toMatch(/^the certificate of 127\.0\.0\.1:\d+ has expired$/);
    expect(failed[0]?.fix).toContain("the one who runs that server has to renew it");
  });

  it("https where http is spoken, and the other way round", async () => {
    const emulator = await openEmulator();
    const tls = await doctor(variablesFor(emulator.endpoint.replace("http:", "https:")));
    expect(tls.failed[0]?.what).toMatch(/^127\.0\.0\.1:\d+ speaks no TLS \(ERR_SSL_/);
    const { endpoint } = await overTls(emulator, 2020, 2099);
    const plain = await doctor(variablesFor(endpoint.replace("https:", "http:")));
    expect(plain.failed[0]?.what).toMatch(/takes connections and does not speak HTTP \(/);
    expect(plain.failed[0]?.fix).toContain("http or https?");
  });

  it("a name that is no host's", async () => {
    const { failed, text } = await doctor(variablesFor("https://demo.invalid"));
    expect(failed.map(({ name }) => name)).toEqual(["DNS"]);
    expect(failed[0]?.what).toMatch(/^there is no host demo\.invalid$|^the name demo\.invalid could not be looked up/);
    expect(text).toContain("– Connection     not tried without an address");
  });

  it("Redis hung: the rest is well", async () => {
    const emulator = await openEmulator();
    const redis = await blackHole();
    const { code, failed } = await doctor(variablesFor(emulator.endpoint), "--redis", `redis://${redis}`);
    expect(failed.map(({ name }) => name)).toEqual(["Redis"]);
    expect(failed[0]?.what).toBe(`Redis at ${redis} did not answer within 3 s`);
    expect(failed[0]?.fix).toContain("Whoever runs it has to look at it");
    expect(code).toBe(1);
  });

  it("Redis asks for another password", async () => {
    const emulator = await openEmulator();
    const redis = await startRedis("--requirepass", "right");
    atTheEnd(() => redis.stop());
    const url = redis.url.replace("://", "://:wrong-sentinel@");
    const { failed, text } = await doctor({ ...variablesFor(emulator.endpoint), REDIS_URL: url });
    expect(failed[0]?.what).toMatch(/^Redis at 127\.0\.0\.1:\d+ does not accept the password \(WRONGPASS\)$/);
    expect(text).not.toContain("wrong-sentinel");
  });

  it("Redis would throw revocations away", async () => {
    const emulator = await openEmulator();
    const redis = await startRedis("--maxmemory-policy", "allkeys-lru");
    atTheEnd(() => redis.stop());
    const { failed } = await doctor({ ...variablesFor(emulator.endpoint), REDIS_URL: redis.url });
    expect(failed[0]?.what).toContain("throws keys away when memory is short (allkeys-lru)");
  });
});

describe.concurrent("doctor in a pipe", () => {
  it("--json has the same, and nothing else is written", async () => {
    const endpoint = await closedPort();
    const { code, out, err } = await run(["doctor", "--json"], variablesFor(endpoint));
    const report = JSON.parse(out) as { readonly ok: boolean; readonly checks: readonly Finding[] };
    expect(report.ok).toBe(false);
    expect(report.checks.map(({ name, outcome }) => `${name} ${outcome}`)).toMatchInlineSnapshot(`
      [
        "Node.js ok",
        "Configuration ok",
        "DNS skipped",
        "Connection failed",
        "Latency skipped",
        "Key set skipped",
        "Clock skipped",
        "Introspection skipped",
        "Client skipped",
        "Redis skipped",
      ]
    `);
    expect(report.checks.filter(({ fix }) => fix !== undefined).map(({ name }) => name)).toEqual(["Connection"]);
    expect([code, err]).toEqual([1, ""]);
  });

  it("a password on the command line is refused before anything is tried", async () => {
    const { code, out, err } = await run(["doctor", "--redis", "redis://:secret-sentinel@127.0.0.1:1"]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("Put the whole URL into the variable REDIS_URL");
    expect(err).not.toContain("secret-sentinel");
  });
});
