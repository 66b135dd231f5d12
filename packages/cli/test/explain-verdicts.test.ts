import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { createEmulator, forgeryKinds } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OneEnvironment } from "../src/configuration.ts";
import { decodeUnverified } from "../src/explain/decode-unverified.ts";
import { judge } from "../src/explain/judge.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await createEmulator({ envId: "demo" });
});
afterAll(() => emulator.close());

const silent = { onWarning: () => undefined };

function explained(token: string, options: OneEnvironment = {}, offline = false) {
  const configured = { envId: "demo", endpoint: emulator.endpoint, ...silent, ...options };
  const where = { envId: configured.envId ?? "", endpoint: configured.endpoint ?? "" };
  const facts = { token, options: configured, where, nowMs: Date.now(), ...decodeUnverified(token) };
  return judge(facts, { offline });
}

async function byCore(token: string): Promise<string | undefined> {
  const auth = createCloudbaseAuth({ envId: "demo", endpoint: emulator.endpoint, ...silent });
  const { auth: result } = await auth.authenticatePresented({ kind: "token", credentials: `Bearer ${token}` });
  await auth.close();
  // What only a guard refuses, such as a token without a scope, is accepted so far.
  if (result.state === "authenticated") return "accepted";
  return result.state === "rejected" ? `${result.error.code} ${String(result.error.reason)}` : result.state;
}

describe("the verdict is the core's", () => {
  it.each(forgeryKinds)("$kind: $why", async ({ kind }) => {
    const { token } = await emulator.issueForged(kind);
    const { verdict, code, reason, checks } = await explained(token);
    expect(verdict === "refused" ? `${String(code)} ${String(reason)}` : verdict).toBe(await byCore(token));
    // What it was refused for is among the checks that failed, each with what to do.
    const failed = checks.filter(({ name, outcome }) => outcome === "failed" && name !== "Server");
    expect(failed.length > 0).toBe(verdict === "refused");
    for (const { fix } of failed) expect(fix).toMatch(/\S/);
  });

  it("a good token passes everything", async () => {
    const { verdict, checks } = await explained(await emulator.issueToken());
    expect(checks.map(({ name, outcome }) => `${name} ${outcome}`)).toMatchInlineSnapshot(`
      [
        "Form ok",
        "Algorithm ok",
        "Issuer ok",
        "Claims ok",
        "Audience ok",
        "Type ok",
        "Lifetime ok",
        "Times ok",
        "Signature ok",
        "Server ok",
        "requireUser() ok",
      ]
    `);
    expect(verdict).toBe("accepted");
  });
});

describe("everything that is wrong is found, and not only the first", () => {
  const failures = async (token: string, options?: OneEnvironment, offline?: boolean): Promise<readonly string[]> =>
    (await explained(token, options, offline)).checks
      .filter(({ outcome }) => outcome === "failed")
      .map(({ name }) => name);

  it("issuer, audience and times at once, and that the signature is good", async () => {
    const token = await emulator.issueToken({ iss: "https://other.example", aud: "other", iat: 1, exp: 2 });
    expect(await failures(token)).toEqual(["Issuer", "Audience", "Times"]);
    const { checks, reason } = await explained(token);
    expect(checks.find(({ name }) => name === "Signature")?.outcome).toBe("ok");
    expect(reason).toBe("issuer");
  });

  it("a life that is too long, and the audience", async () => {
    const now = Math.floor(Date.now() / 1_000);
    const token = await emulator.issueToken({ aud: "other", iat: now, exp: now + 30 * 86_400 });
    expect(await failures(token)).toEqual(["Audience", "Lifetime"]);
  });

  it("a claim that is missing ends it; the signature is judged all the same", async () => {
    const { checks, verdict } = await explained(await emulator.issueToken({ sub: undefined }));
    expect(verdict).toBe("refused");
    expect(checks.find(({ name }) => name === "Claims")).toMatchObject({ outcome: "failed", detail: "it lacks sub" });
    expect(checks.filter(({ detail }) => detail === "not reached").map(({ name }) => name)).toEqual([
      ...["Audience", "Type", "Lifetime", "Times"],
    ]);
    expect(checks.find(({ name }) => name === "Signature")?.outcome).toBe("ok");
  });

  it("a forged signature hides nothing of the claims", async () => {
    const token = await emulator.issueToken({ aud: "other" });
    const forged = `${token.slice(0, token.lastIndexOf("."))}.${"A".repeat(342)}`;
    expect(await failures(forged)).toEqual(["Audience", "Signature"]);
    expect((await explained(forged)).reason).toBe("signature");
  });

  it("another algorithm is told from a bad signature", async () => {
    const token = await emulator.issueToken();
    expect(await failures(token, { algorithms: ["ES256"] })).toEqual(["Algorithm"]);
  });

  it.each([
    [{ iss: "https://shop-1a2b.api.tcloudbasegateway.com" }, {}, "set CLOUDBASE_ENV_ID"],
    [{ iss: "http://demo.ap-beijing.tcb-api.tencentcloudapi.com" }, {}, "set CLOUDBASE_REGION=ap-beijing"],
    [{ iss: "http://127.0.0.1:1" }, {}, "It is an emulator's: set CLOUDBASE_AUTH_ENDPOINT=http://127.0.0.1:1"],
    [{ aud: "web" }, {}, "set CLOUDBASE_CLIENT_ID or option audience"],
    [{ role: "anon" }, {}, "API keys and publishable keys"],
    [{ iat: Date.now(), exp: Date.now() + 7_200_000 }, {}, "Times in milliseconds look like that too"],
  ] as const)("%j: says what to change", async (claims, options, fix) => {
    const { checks } = await explained(await emulator.issueToken(claims), options);
    expect(checks.flatMap((check) => check.fix ?? []).join("\n")).toContain(fix);
  });
});

describe("without the server", () => {
  it.each([true, false])("what can be told is told (--offline: %s)", async (offline) => {
    const elsewhere = { endpoint: "http://127.0.0.1:1", issuers: [emulator.endpoint] };
    const good = await explained(await emulator.issueToken(), elsewhere, offline);
    expect(good.verdict).toBe("unknown");
    expect(good.checks.find(({ name }) => name === "Signature")?.outcome).toBe("skipped");
    const bad = await explained(await emulator.issueToken({ aud: "other" }), elsewhere, offline);
    expect([bad.verdict, bad.reason]).toEqual(["refused", "audience"]);
  });

  it("--offline sends nothing", async () => {
    const token = await emulator.issueToken();
    emulator.requests.clear();
    await explained(token, {}, true);
    expect(emulator.requests.entries()).toEqual([]);
  });

  it("a token that is refused here is shown to nobody", async () => {
    const token = await emulator.issueToken({ aud: "other" });
    emulator.requests.clear();
    await explained(token);
    expect(emulator.requests.entries().map(({ path }) => path)).toEqual(["/auth/v1/certs"]);
  });
});

it("what the plainest guard says of a good token", async () => {
  const { verdict, checks } = await explained(await emulator.issueToken({ scope: "anonymous" }));
  expect(verdict).toBe("accepted");
  expect(checks.at(-1)?.detail).toMatch(/^answers 403 anonymous_user:/);
});

it("a token that was revoked at the server is accepted by some modes, and that is said", async () => {
  const token = await emulator.issueToken();
  await fetch(`${emulator.endpoint}/auth/v1/revoke`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ token }),
  });
  const { verdict, endedAtServer } = await explained(token);
  expect([verdict, endedAtServer]).toEqual(["accepted", true]);
});
