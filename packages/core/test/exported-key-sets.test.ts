import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCloudbaseAuth } from "../src/index.ts";
import type { AuthResult, CloudbaseAuth, CloudbaseAuthOptions } from "../src/index.ts";
import { expectUnavailable } from "./support/harness.ts";
import { faults, startKeyServer } from "./support/key-server.ts";
import type { KeyServer } from "./support/key-server.ts";
import { issue, keyId, nowSeconds, publishedKey } from "./support/tokens.ts";

let server: KeyServer;
let nowMs: number;
let exported: string;
const instances: CloudbaseAuth[] = [];

beforeEach(async () => {
  server = await startKeyServer([publishedKey]);
  nowMs = nowSeconds * 1_000;
  const first = create();
  await first.ready();
  exported = first.exportKeySets();
  server.hits = 0;
});
afterEach(async () => {
  for (const instance of instances.splice(0)) await instance.close();
  await server.close();
});

function create(options: Partial<CloudbaseAuthOptions> = {}): CloudbaseAuth {
  const base = { envId: "demo", endpoint: server.endpoint, now: () => nowMs, onWarning: () => undefined };
  const instance = createCloudbaseAuth({ ...base, ...options } as CloudbaseAuthOptions);
  instances.push(instance);
  return instance;
}

const present = (auth: CloudbaseAuth): AuthResult | Promise<AuthResult> =>
  auth.authenticate({ headers: { authorization: `Bearer ${issue()}` } });

describe("a key set that another process fetched", () => {
  it("answers the first request at once, and nothing is fetched", async () => {
    const auth = create();
    await auth.importKeySets(exported);
    expect(present(auth)).toMatchObject({ auth: { state: "authenticated" } });
    expect(server.hits).toBe(0);
    expect(auth.status().environments[0]?.keySet).toMatchObject({ keyIds: [keyId], ageSeconds: 0, fetches: 0 });
  });

  it("has public keys only", () => {
    const { keySets } = JSON.parse(exported) as { keySets: { keys: object[] }[] };
    expect(keySets[0]?.keys.map((key) => Object.keys(key).toSorted())).toEqual([
      ["alg", "e", "kid", "kty", "n", "use"],
    ]);
  });

  it("is as old as it is: past its time it is renewed first, and serves if the endpoint is down", async () => {
    nowMs += 600_000;
    const auth = create();
    await auth.importKeySets(exported);
    server.behave = faults["status 500"] ?? server.behave;
    const answer = present(auth);
    expect(answer).toBeInstanceOf(Promise);
    expect(await answer).toMatchObject({ auth: { state: "authenticated" } });
    expect(server.hits).toBe(1);
  });

  it("does not serve when it is older than stale keys may be", async () => {
    nowMs += (600 + 3_600) * 1_000;
    const auth = create();
    await auth.importKeySets(exported);
    server.behave = faults["status 500"] ?? server.behave;
    expectUnavailable(await present(auth));
  });

  it("never replaces a younger one", async () => {
    const auth = create();
    server.publish([{ ...publishedKey, kid: "next" }]);
    await auth.ready();
    nowMs += 60_000;
    await auth.importKeySets(exported);
    expect(auth.status().environments[0]?.keySet.keyIds).toEqual(["next"]);
  });

  it("is nothing before the first fetch", async () => {
    const auth = create();
    await expect(auth.importKeySets(auth.exportKeySets())).rejects.toThrow("are of other environments or endpoints");
  });
});

describe("a text that is no such set is a TypeError and changes nothing", () => {
  it.each<[string, (text: string) => unknown, string]>([
    ["no text", () => undefined, "this is no text of exportKeySets(); fetch the keys instead"],
    ["no JSON", () => "keys", "this is no text of exportKeySets()"],
    ["a JWK Set", () => JSON.stringify({ keys: [publishedKey] }), "this is no text of exportKeySets()"],
    ["another version", (text) => text.replace('"version":1', '"version":2'), "this is no text of exportKeySets()"],
    ["another environment", (text) => text.replace('"envId":"demo"', '"envId":"prod"'), "are of other environments"],
    ["another endpoint", (text) => text.replace("/auth/v1/certs", "/certs"), "are of other environments or endpoints"],
    ["of tomorrow", (text) => text.replace(/"fetchedAt":\d+/, `"fetchedAt":${String(nowMs + 86_400_000)}`), "future"],
    ["no key in it", (text) => text.replace(/"keys":\[.*\]\}\]/, '"keys":[]}]'), "no key that can be used"],
    ["a private key in it", (text) => text.replace('"kty"', '"d":"AA","kty"'), "no key that can be used"],
  ])("%s", async (_title, change, message) => {
    const auth = create();
    await expect(auth.importKeySets(change(exported) as string)).rejects.toThrow(message);
    expect(auth.status().environments[0]?.keySet.keyIds).toEqual([]);
  });

  it("one without a date is older than anything", async () => {
    const auth = create();
    await auth.importKeySets(exported.replace(/"fetchedAt":\d+/, '"fetchedAt":"now"'));
    expect(auth.status().environments[0]?.keySet.keyIds).toEqual([]);
  });
});
