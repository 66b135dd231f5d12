import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator, IssuedTokens } from "@cloudbase-auth/emulator";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, refusal, text } from "./support/api.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await createEmulator({ envId: "demo" });
});
afterAll(() => emulator.close());

const refresh = (refreshToken: string, from = emulator) =>
  call(from, "POST /token", { body: { grant_type: "refresh_token", refresh_token: refreshToken } });
const me = async ({ accessToken }: IssuedTokens) =>
  (await call(emulator, "GET /user/me", { bearer: accessToken })).status;

describe("issueTokens", () => {
  it("opens a session of somebody whom nobody registered, whose tokens have the claims, each after the other", async () => {
    const claims = { sub: "lihua", groups: ["admin"], scope: "orders", tenant: "t1" };
    const issued = await emulator.issueTokens(claims);
    expect(decodeJwt(issued.accessToken)).toMatchObject({ ...claims, aud: "demo" });
    expect(issued.expiresInSeconds).toBe(7200);
    const answer = await refresh(issued.refreshToken);
    expect(answer.body).toMatchObject({ scope: "orders", sub: "lihua", expires_in: 7200 });
    expect(decodeJwt(text(answer, "access_token"))).toMatchObject(claims);
    expect(refusal(await refresh(issued.refreshToken))).toBe("400 invalid_grant");
    expect((await refresh(text(answer, "refresh_token"))).status).toBe(200);
  });

  it("somebody else each time, unless the claims say who", async () => {
    const [one, two] = await Promise.all([emulator.issueTokens(), emulator.issueTokens()]);
    const subject = decodeJwt(one.accessToken).sub;
    expect(subject).not.toBe(decodeJwt(two.accessToken).sub);
    expect(decodeJwt(text(await refresh(one.refreshToken), "access_token")).sub).toBe(subject);
  });

  it.each(["signed out", "revoked"])("is over when it is %s", async (how) => {
    const issued = await emulator.issueTokens({ sub: "lihua" });
    expect(await me(issued)).toBe(200);
    if (how === "signed out") await call(emulator, "POST /user/signout", { bearer: issued.accessToken });
    else await call(emulator, "POST /revoke", { body: { token: issued.refreshToken } });
    expect(await me(issued)).toBe(401);
    expect(refusal(await refresh(issued.refreshToken))).toBe("400 invalid_grant");
  });

  it("is exported and imported, and open over HTTP", async () => {
    const body = { claims: { sub: "lihua", tenant: "t1" } };
    const issued = await call(emulator, "POST /emulator/tokens/pair", { body });
    const state: unknown = JSON.parse(JSON.stringify(emulator.export()));
    const other = await createEmulator({ envId: "demo", import: state });
    const answer = await refresh(text(issued, "refreshToken"), other);
    expect(decodeJwt(text(answer, "access_token"))).toMatchObject(body.claims);
    await other.close();
  });

  it("an import whose session has no claims but a text is refused with the place", async () => {
    const { sessions, ...state } = emulator.export();
    const wrong = { ...state, sessions: sessions.map((session) => ({ ...session, madeUp: "lihua" })) };
    await expect(emulator.import(wrong)).rejects.toThrow("state: sessions[0].madeUp must be a JSON object.");
  });
});
