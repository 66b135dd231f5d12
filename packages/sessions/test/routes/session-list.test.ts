import { afterAll, describe, expect, it } from "vitest";
import { matching } from "./support/matchers.ts";
import { createMemorySessionStore } from "../../src/index.ts";
import { enter, memberOf } from "./support/people.ts";
import { createStages, wang } from "./support/stage.ts";

const stages = createStages();
afterAll(() => stages.close());

describe("GET /sessions and DELETE /sessions/:handle", () => {
  it("list the user's sessions, and end another one", async () => {
    const stage = await stages.open({}, { store: createMemorySessionStore() });
    const [here, elsewhere] = [await enter(stage), await enter(stage)];
    await enter(stage, stage.visitor(), wang.email);
    const listed = await here.get("/sessions");
    const sessions = memberOf(listed, "sessions") as readonly {
      handle: string;
      isCurrent: boolean;
      startedAt: number;
    }[];
    expect(new Set(sessions.map(({ isCurrent }) => isCurrent))).toEqual(new Set([false, true]));
    expect(sessions).toHaveLength(2);
    expect(sessions[0]?.startedAt).toBe(stage.emulator.clock.now());
    const other = sessions.find(({ isCurrent }) => !isCurrent)?.handle ?? "";
    stage.emulator.requests.clear();
    expect((await here.send("DELETE", `/sessions/${other}`)).status).toBe(204);
    expect(stage.asked()).toEqual(["POST /user/signout", "POST /revoke"]);
    expect([(await here.get("/me")).status, (await elsewhere.get("/me")).status]).toEqual([200, 401]);
    expect(await here.send("DELETE", `/sessions/${other}`)).toMatchObject({ status: 404, json: { code: "not_found" } });
  });

  it("somebody else's handle is 404, and that session goes on", async () => {
    const stage = await stages.open({}, { store: createMemorySessionStore() });
    const [here, stranger] = [await enter(stage), await enter(stage, stage.visitor(), wang.email)];
    const handle = memberOf(await stranger.get("/sessions"), "sessions", "0", "handle");
    expect((await here.send("DELETE", `/sessions/${String(handle)}`)).status).toBe(404);
    expect((await stranger.get("/me")).status).toBe(200);
  });

  it("without a store are 404 and say why; without a session 401", async () => {
    const stage = await stages.open();
    const visitor = await enter(stage);
    for (const [method, path] of [
      ["GET", "/sessions"],
      ["DELETE", "/sessions/x"],
    ] as const) {
      expect(await visitor.send(method, path)).toMatchObject({
        status: 404,
        json: { detail: matching(/store/) },
      });
    }
    const withStore = stage.visitor(stage.createSessions({ store: createMemorySessionStore() }));
    expect((await withStore.get("/sessions")).status).toBe(401);
  });
});
