import tcb from "@cloudbase/node-sdk";
import { describe, expect, it } from "vitest";
import { isObject } from "../support/api.ts";
import { counted, textAt } from "./support/calls.ts";
import { official } from "./support/official.ts";
import type { Official } from "./support/official.ts";

/** What a backend does: signs a ticket with the key file that was downloaded for this environment. */
async function createTicket({ emulator }: Official, uid: string): Promise<string> {
  const backend = tcb.init({ env: "demo", credentials: await emulator.customLoginKey() });
  return counted("node-sdk", backend.auth()).createTicket(uid, { refresh: 3_600_000 });
}

describe("@cloudbase/node-sdk: custom tickets", () => {
  const sdk = official();

  it("createTicket", async () => {
    const official = sdk();
    const { private_key_id } = await official.emulator.customLoginKey();
    const [keyId, jwt = ""] = (await createTicket(official, "user-0001")).split("/@@/");
    expect(keyId).toBe(private_key_id);
    const [header, payload] = jwt.split(".", 2).map((part) => parse(part));
    expect(header).toEqual({ alg: "RS256", typ: "JWT" });
    const { iat, exp, expire, ...rest } = payload ?? {};
    expect(rest).toEqual({ alg: "RS256", env: "demo", uid: "user-0001", refresh: 3_600_000 });
    expect(Math.abs(Number(iat) - Date.now())).toBeLessThan(60_000);
    expect(Number(exp) - Number(iat)).toBe(600_000);
    expect(Number(expire) - Number(iat)).toBe(604_800_000);
  });

  it("oauth signInWithCustomTicket takes it", async () => {
    const official = sdk();
    const auth = official.oauth();
    const ticket = await createTicket(official, "user-0001");
    auth.setCustomSignFunc(async () => ticket);
    const { sub } = await auth.signInWithCustomTicket();
    expect(official.wire.take()).toMatchObject([
      { line: "POST /auth/v1/signin/custom", query: { client_id: "demo" }, body: { provider_id: "custom", ticket } },
    ]);
    expect(await auth.getUserInfo()).toMatchObject({
      sub,
      providers: [{ id: "custom", provider_user_id: "user-0001" }],
    });
    const again = await official
      .oauth()
      .signInCustom({ provider_id: "custom", ticket: await createTicket(official, "user-0001") });
    expect(again.sub).toBe(sub);
  });

  it("js-sdk signInWithCustomTicket takes it", async () => {
    const official = sdk();
    const auth = official.jsSdk();
    const answer = await auth.signInWithCustomTicket(() => createTicket(official, "user-0002"));
    expect(answer).toMatchObject({ error: null, data: { user: { identities: [{ provider: "custom" }] } } });
    expect(textAt(answer, "data", "session", "refresh_token")).not.toBe("");
  });

  it("a ticket is refused after ten minutes", async () => {
    const official = sdk();
    const ticket = await createTicket(official, "user-0001");
    official.emulator.clock.advance(601);
    await expect(official.oauth().signInCustom({ provider_id: "custom", ticket })).rejects.toMatchObject({
      error: "invalid_argument",
      error_description: "ticket has expired",
    });
  });
});

function parse(segment: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(Buffer.from(segment, "base64url").toString("utf8"));
  if (!isObject(value)) throw new Error("no JSON object");
  return value;
}
