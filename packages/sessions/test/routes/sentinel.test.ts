import { createCloudbaseAuth } from "@cloudbase-auth/core";
import type { Sessions } from "@cloudbase-auth/core";
import { afterAll, describe, expect, it } from "vitest";
import { createMemorySessionStore } from "../../src/index.ts";
import { eavesdrop } from "./support/eavesdropper.ts";
import { memberOf, prove } from "./support/people.ts";
import { createStages, lihua, newcomer, password } from "./support/stage.ts";
import { leave, visitProvider } from "./support/trips.ts";
import { createVisitor } from "./support/visitor.ts";

const stages = createStages();
afterAll(() => stages.close());

/** All answers, and all cookies, of a round through every route. */
async function goRound(mode: "session" | "tokens", hasStore: boolean) {
  const stage = await stages.open({ captchaAfter: 1 });
  const ear = await eavesdrop(stage.emulator.endpoint);
  const auth = createCloudbaseAuth({
    ...{
      envId: "demo",
      endpoint: ear.endpoint,
      issuers: stage.emulator.endpoint,
      now: () => stage.emulator.clock.now(),
    },
    onWarning: () => {},
  });
  const store = hasStore ? { store: createMemorySessionStore() } : {};
  const sessions = stage.createSessions({ auth, mode, ...store });
  const told: string[] = [];
  const listening: Sessions = {
    ...sessions,
    async answer(request) {
      const answer = await sessions.answer(request);
      told.push(answer.body ?? "", JSON.stringify(answer.headers));
      return answer;
    },
  };
  const visitor = createVisitor(listening, undefined, mode === "session");
  const newPassword = "Sentinel-5678";
  const verified = true;
  if (mode === "session") {
    await visitor.post("/anonymous");
    await prove(stage, visitor, newcomer);
    await visitor.post("/signup", { verified, password, username: "newcomer" });
    await visitor.post("/signin", { username: lihua.username, password: `${password}-wrong` });
    await visitor.post("/signin", { username: lihua.username, password });
    await visitor.post("/captcha", { answer: stage.emulator.inbox.captchas().at(-1)?.text });
    expect((await visitor.post("/signin", { username: lihua.username, password })).status).toBe(200);
    for (const path of ["/me", "/providers", "/sessions"]) await visitor.get(path);
    stage.emulator.clock.advance(60);
    await visitor.post("/refresh");
    const bind = await visitor.post("/provider/demo_provider/bind", {});
    await visitor.get(await visitProvider(stage, String(memberOf(bind, "redirectTo")), "third-1"));
    expect((await visitor.send("PATCH", "/password", { password, newPassword })).status).toBe(204);
    await visitor.post("/signout");
    expect((await visitor.get(await leave(stage, visitor, "third-1"))).status).toBe(303);
    await prove(stage, visitor, lihua.email);
    expect((await visitor.send("DELETE", "/me", { verified })).status).toBe(204);
  } else {
    await visitor.post("/signin", { username: lihua.username, password });
  }
  await auth.close();
  await ear.close();
  return { told: told.join("\n"), heard: [...ear.heard] };
}

describe("BF-23: of what is secret between the routes and the Auth API", () => {
  it.each([
    ["sealed cookies", false],
    ["a store", true],
  ])("with %s nothing is in a body, a header or a cookie of an answer", async (_, hasStore) => {
    const { told, heard } = await goRound("session", hasStore);
    // Access, refresh, verification, provider, sudo and captcha tokens, handles and codes, passwords.
    expect(heard.length).toBeGreaterThan(25);
    for (const kind of [/^eyJ/, /^\d{6}$/, /^Sentinel/]) expect(heard.some((secret) => kind.test(secret))).toBe(true);
    expect(heard.filter((secret) => told.includes(secret))).toEqual([]);
  });

  it("in mode tokens the access token and the refresh token are, and nothing else", async () => {
    const { told, heard } = await goRound("tokens", false);
    const leaked = heard.filter((secret) => told.includes(secret));
    expect(leaked.filter((secret) => secret.startsWith("eyJ"))).toHaveLength(1);
    expect(leaked).toHaveLength(2);
  });
});
