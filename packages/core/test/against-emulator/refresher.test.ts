import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createMemoryRefreshCoordinator } from "../../src/outside/memory-refresh-coordinator.ts";
import { createRefresher } from "../../src/outside/refresher.ts";
import type { Refresh } from "../../src/outside/refresher.ts";
import { openReplay, sealReplay } from "../../src/protocol/sealed-replay.ts";
import { createCloudbaseAuth } from "../../src/index.ts";
import type { CloudbaseAuth, WarningEvent } from "../../src/index.ts";
import type { RefreshCoordinator } from "../../src/words/refresh.ts";
import { enter } from "./support/people.ts";
import { clientId, createStages } from "./support/stage.ts";
import type { Scene } from "./support/stage.ts";

const stages = createStages();
const tokenEndpoint = "POST /auth/v1/token";
const graceMs = 10_000;

let scene: Scene;
let time: number;
let warnings: WarningEvent[];
let coordinator: RefreshCoordinator;

beforeEach(async () => {
  scene = await stages.open("documented", { settings: { refreshPolicy: "family ends on reuse" } });
  time = 1_000_000;
  warnings = [];
  coordinator = createMemoryRefreshCoordinator({ monotonic: () => time });
});
afterAll(() => stages.close());

/** A process of its own, as far as refreshing goes. */
function startProcess(changes: Partial<Parameters<typeof createRefresher>[0]> = {}): Refresh {
  return createRefresher({
    environment: "demo",
    refresh: (input, options) => scene.client.refresh(input, options),
    coordinator,
    graceMs,
    timeoutMs: 2_000,
    warn: (event) => warnings.push(event),
    now: () => scene.emulator.clock.now(),
    monotonic: () => time,
    ...changes,
  });
}

const rotations = (): number =>
  scene.emulator.requests.entries().filter(({ path }) => path === "/auth/v1/token").length;
const next = (token: string | undefined): string => {
  if (token === undefined) throw new Error("there is no refresh token");
  return token;
};

describe("one exchange, however many ask (F26, F27, F28)", () => {
  it("100 callers in one process: one question, one answer, and the session lives on", async () => {
    const { refreshToken } = await enter(scene);
    const refresh = startProcess();
    const answers = await Promise.all(Array.from({ length: 100 }, () => refresh(refreshToken)));
    expect(new Set(answers).size).toBe(1);
    expect(rotations()).toBe(1);
    expect((await refresh(next(answers[0]?.refreshToken))).accessToken).toBeTruthy();
  });

  it("100 callers in four processes: the same", async () => {
    const { refreshToken } = await enter(scene);
    const processes = Array.from({ length: 4 }, () => startProcess());
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => (processes[n % 4] ?? startProcess())(refreshToken)),
    );
    expect(new Set(answers.map((tokens) => tokens.accessToken)).size).toBe(1);
    expect(new Set(answers.map((tokens) => tokens.refreshToken)).size).toBe(1);
    expect(rotations()).toBe(1);
  });

  it("RF-05 CVE-2025-67490: 50 sessions at once, none gets another's tokens", async () => {
    const sessions: { readonly refreshToken: string }[] = [];
    while (sessions.length < 50) sessions.push(await enter(scene));
    const [one, two] = [startProcess(), startProcess()];
    const answers = await Promise.all(sessions.flatMap(({ refreshToken }) => [one(refreshToken), two(refreshToken)]));
    expect(new Set(answers.map(({ refreshToken }) => refreshToken)).size).toBe(50);
    expect(rotations()).toBe(50);
  });
});

describe("late callers", () => {
  it("RF-03 F30: within the grace the same successor, with what is left of its life", async () => {
    const { refreshToken } = await enter(scene);
    const first = await startProcess()(refreshToken);
    scene.emulator.clock.advance(9);
    time += 9_999;
    const late = await startProcess()(refreshToken);
    expect(late).toEqual({ ...first, expiresInSeconds: first.expiresInSeconds - 9 });
    expect(rotations()).toBe(1);
  });

  it("RF-02: after it the whole session is over, in every process, and the server is not asked", async () => {
    const { refreshToken } = await enter(scene);
    const first = await startProcess()(refreshToken);
    time += graceMs;
    await expect(startProcess()(refreshToken)).rejects.toMatchObject({ name: "RefreshSpentError" });
    await expect(startProcess()(next(first.refreshToken))).rejects.toMatchObject({ name: "RefreshSpentError" });
    expect(rotations()).toBe(1);
  });

  it("a grace of 0 gives nobody the same twice", async () => {
    const { refreshToken } = await enter(scene);
    const refresh = startProcess({ graceMs: 0 });
    await refresh(refreshToken);
    await expect(refresh(refreshToken)).rejects.toMatchObject({ name: "RefreshSpentError" });
  });

  it("the session goes on for twenty rotations", async () => {
    let { refreshToken } = await enter(scene);
    const refresh = startProcess();
    for (let round = 0; round < 20; round += 1) {
      time += 60_000;
      refreshToken = next((await refresh(refreshToken)).refreshToken);
    }
    expect(rotations()).toBe(20);
  });
});

describe("what ends a session, and what does not (RF-09)", () => {
  it("invalid_grant does", async () => {
    const refresh = startProcess();
    await expect(refresh("no-such-token")).rejects.toMatchObject({ name: "AuthApiError", kind: "invalid_grant" });
    await expect(refresh("no-such-token")).rejects.toMatchObject({ name: "RefreshSpentError" });
    expect(rotations()).toBe(1);
  });

  it.each([
    ["a timeout", { kind: "hang" } as const],
    ["a reset connection", { kind: "reset" } as const],
    ["garbage", { kind: "garbage" } as const],
    ["500", { kind: "status", status: 500, body: {} } as const],
    ["429", { kind: "status", status: 429, body: { error: "resource_exhausted" } } as const],
    ["a proxy's page", { kind: "status", status: 502, body: "<html>invalid_grant</html>" } as const],
    [
      "another error that mentions it",
      {
        kind: "status",
        status: 503,
        body: { error: "temporarily_unavailable", error_description: "not invalid_grant" },
      } as const,
    ],
  ])("%s does not: the next one asks again", async (_title, fault) => {
    const { refreshToken } = await enter(scene);
    const refresh = startProcess({ timeoutMs: 250 });
    scene.emulator.failNext(tokenEndpoint, fault);
    await expect(refresh(refreshToken)).rejects.toMatchObject({ name: "AuthApiError" });
    expect((await refresh(refreshToken)).accessToken).toBeTruthy();
    expect(warnings).toEqual([]);
  });

  it("our own credentials refused does not, and is said once", async () => {
    const { refreshToken } = await enter(scene);
    const refresh = startProcess();
    scene.emulator.failNext(tokenEndpoint, { kind: "error", error: "unauthorized_client" });
    await expect(refresh(refreshToken)).rejects.toMatchObject({ kind: "client" });
    expect(warnings).toMatchObject([{ code: "refresh_trouble", environment: "demo" }]);
    expect(warnings[0]?.message).toContain("sessions are kept");
    expect((await refresh(refreshToken)).accessToken).toBeTruthy();
  });
});

describe("crashes and slowness (F29, F31, F32, RF-10)", () => {
  /** A process that is gone after it has written down that it begins. */
  async function dieAfterBegin(refreshToken: string): Promise<void> {
    const dead = startProcess({ refresh: () => new Promise(() => undefined) });
    void dead(refreshToken).catch(() => undefined);
    await Promise.resolve();
  }

  it("before the server was asked: others wait for the lease, then one asks, and all go on", async () => {
    const { refreshToken } = await enter(scene);
    await dieAfterBegin(refreshToken);
    const waiting = startProcess()(refreshToken);
    time += 7_000;
    expect((await waiting).accessToken).toBeTruthy();
    expect(rotations()).toBe(1);
  });

  it("after it answered: one clean refusal, and no circle", async () => {
    const { refreshToken } = await enter(scene);
    const dead = startProcess({
      refresh: async (input, options) => {
        await scene.client.refresh(input, options);
        return new Promise(() => undefined);
      },
    });
    void dead(refreshToken).catch(() => undefined);
    await expect.poll(rotations).toBe(1);
    time += 7_000;
    await expect(startProcess()(refreshToken)).rejects.toMatchObject({ kind: "invalid_grant" });
    await expect(startProcess()(refreshToken)).rejects.toMatchObject({ name: "RefreshSpentError" });
    expect(rotations()).toBe(2);
  });

  it("where the server replays for a while, that is no sign-in either", async () => {
    scene = await stages.open("documented", { settings: { refreshPolicy: { replaySeconds: 30 } } });
    const { refreshToken } = await enter(scene);
    const dead = startProcess({
      refresh: async (input, options) => {
        await scene.client.refresh(input, options);
        return new Promise(() => undefined);
      },
    });
    void dead(refreshToken).catch(() => undefined);
    await expect.poll(rotations).toBe(1);
    time += 7_000;
    expect((await startProcess()(refreshToken)).accessToken).toBeTruthy();
  });

  it("F32: who comes back after its lease does not overwrite the other's outcome", async () => {
    const { refreshToken } = await enter(scene);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = startProcess({
      refresh: async (input, options) => {
        await held;
        return scene.client.refresh(input, options);
      },
    })(refreshToken);
    await Promise.resolve();
    time += 7_000;
    const other = await startProcess()(refreshToken);
    release();
    await expect(slow).rejects.toMatchObject({ kind: "invalid_grant" });
    expect(rotations()).toBe(2);
    expect(other.accessToken).toBeTruthy();
  });

  it("one that never ends is given up on", async () => {
    const { refreshToken } = await enter(scene);
    const stuck: RefreshCoordinator = {
      ...coordinator,
      begin: () => Promise.resolve({ state: "taken" }),
      wait: () => {
        time += 1_000;
        return Promise.resolve();
      },
    };
    await expect(startProcess({ coordinator: stuck })(refreshToken)).rejects.toMatchObject({
      name: "RefreshBusyError",
    });
    expect(rotations()).toBe(0);
  });

  it("a coordinator that is away: the error is its own, and nothing is spent", async () => {
    const { refreshToken } = await enter(scene);
    const away: RefreshCoordinator = { ...coordinator, begin: () => Promise.reject(new Error("ECONNREFUSED")) };
    await expect(startProcess({ coordinator: away })(refreshToken)).rejects.toThrow("ECONNREFUSED");
    expect((await startProcess()(refreshToken)).accessToken).toBeTruthy();
  });

  it("one that goes away in between: the tokens are handed out all the same, and it is said", async () => {
    const { refreshToken } = await enter(scene);
    const away: RefreshCoordinator = { ...coordinator, succeed: () => Promise.reject(new Error("READONLY")) };
    expect((await startProcess({ coordinator: away })(refreshToken)).accessToken).toBeTruthy();
    expect(warnings).toMatchObject([{ code: "refresh_trouble" }]);
  });
});

describe("what a coordinator gets to see (RF-12)", () => {
  it("is no token: digests and sealed outcomes", async () => {
    const { refreshToken } = await enter(scene);
    const seen: unknown[] = [];
    const watching: RefreshCoordinator = {
      ...coordinator,
      begin: (turn) => {
        seen.push(turn);
        return coordinator.begin(turn);
      },
      succeed: (rotation) => {
        seen.push(rotation);
        return coordinator.succeed(rotation);
      },
    };
    const tokens = await startProcess({ coordinator: watching })(refreshToken, "session-1");
    const text = JSON.stringify(seen);
    for (const secret of [refreshToken, tokens.accessToken, tokens.refreshToken ?? "", "session-1"]) {
      expect(text).not.toContain(secret);
    }
  });

  it("is of no use without the old token, or altered", async () => {
    const tokens = { accessToken: "a", refreshToken: "b", tokenType: "Bearer", expiresInSeconds: 60, groups: ["g"] };
    const sealed = await sealReplay("old", tokens, 1_000_000);
    expect(await openReplay("old", sealed, 1_010_000)).toEqual({ ...tokens, expiresInSeconds: 50 });
    expect(await openReplay("old", sealed, 9_000_000)).toMatchObject({ expiresInSeconds: 0 });
    expect(await openReplay("other", sealed, 1_010_000)).toBeUndefined();
    for (let index = 0; index < sealed.length; index += 5) {
      const altered = `${sealed.slice(0, index)}${sealed[index] === "A" ? "B" : "A"}${sealed.slice(index + 1)}`;
      expect(await openReplay("old", altered, 1_010_000)).toBeUndefined();
    }
  });

  it.each(["", undefined, 7])("refuses %j as a refresh token", async (token) => {
    await expect(startProcess()(token as string)).rejects.toThrow("refreshToken must be a non-empty string");
  });
});

const never = (): Promise<never> => new Promise(() => undefined);

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe("auth.refresh", () => {
  const create = (options: object = {}): CloudbaseAuth =>
    createCloudbaseAuth({
      ...{ envId: "demo", endpoint: scene.emulator.endpoint, clientId, onWarning: () => undefined },
      ...options,
    });

  it("exchanges once, also in two instances that share a coordinator", async () => {
    const { refreshToken } = await enter(scene);
    const refresh = { coordinator: createMemoryRefreshCoordinator() };
    const [one, two] = [create({ refresh }), create({ refresh })];
    const answers = await Promise.all([one, two, one, two].map((auth) => auth.refresh(refreshToken)));
    expect(new Set(answers.map(({ accessToken }) => accessToken)).size).toBe(1);
    expect(rotations()).toBe(1);
    await Promise.all([one.close(), two.close()]);
  });

  it("says by the error whether the session is over", async () => {
    const { refreshToken } = await enter(scene);
    const auth = create({ refresh: { graceSeconds: 0 } });
    scene.emulator.failNext(tokenEndpoint, { kind: "reset" });
    await expect(auth.refresh(refreshToken)).rejects.toMatchObject({
      ...{ code: "service_unavailable", reason: "auth_api", status: 503 },
    });
    scene.emulator.failNext(tokenEndpoint, { kind: "error", error: "invalid_client" });
    await expect(auth.refresh(refreshToken)).rejects.toMatchObject({ code: "service_unavailable", reason: "client" });
    expect((await auth.refresh(refreshToken)).accessToken).toBeTruthy();
    const over = { code: "refresh_rejected", status: 401, headers: { "WWW-Authenticate": 'Bearer realm="cloudbase"' } };
    await expect(auth.refresh(refreshToken)).rejects.toMatchObject({ ...over, reason: "reused" });
    await expect(auth.refresh("no-such-token")).rejects.toMatchObject({ ...over, reason: "invalid_grant" });
    await auth.close();
  });

  it("F53: an instance that is closed ends what is under way, and then its connections", async () => {
    const { refreshToken } = await enter(scene);
    const auth = create();
    scene.emulator.failNext(tokenEndpoint, { kind: "slow", delayMs: 300 });
    const tokens = auth.refresh(refreshToken);
    await until(() => rotations() === 1);
    await auth.close();
    const { accessToken } = await Promise.race([tokens, Promise.reject(new Error("it is still under way"))]);
    expect(accessToken).toBeTruthy();
  });

  it("F53: but not for longer than 5 seconds", async () => {
    const auth = create({ refresh: { coordinator: { ...createMemoryRefreshCoordinator(), begin: never } } });
    void auth.refresh("rt");
    const begun = performance.now();
    await auth.close();
    expect(performance.now() - begun).toBeGreaterThan(4_900);
    expect(performance.now() - begun).toBeLessThan(5_500);
  }, 10_000);

  it("a coordinator that is away is 503", async () => {
    const away = { ...createMemoryRefreshCoordinator(), begin: () => Promise.reject(new Error("ECONNREFUSED")) };
    const auth = create({ refresh: { coordinator: away } });
    await expect(auth.refresh("rt")).rejects.toMatchObject({ status: 503, reason: "refresh_coordinator" });
    await auth.close();
  });

  it.each<[object, string]>([
    [{ refresh: 10 }, "option refresh must be an object"],
    [{ refresh: { grace: 1 } }, "option refresh: option grace is not known"],
    [{ refresh: { graceSeconds: 61 } }, "option refresh.graceSeconds must be a whole number of seconds from 0 to 60"],
    [{ refresh: { coordinator: {} } }, "option refresh.coordinator must be a RefreshCoordinator"],
  ])("%j is a TypeError", (options, message) => {
    expect(() => create(options)).toThrow(message);
  });

  it("with several environments one has to be named", async () => {
    const auth = createCloudbaseAuth({ environments: [{ envId: "a" }, { envId: "b" }] });
    await expect(auth.refresh("rt")).rejects.toThrow("option environment must be one of a, b");
    await expect(auth.refresh("")).rejects.toThrow(TypeError);
    await auth.close();
  });
});
