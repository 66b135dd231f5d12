import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createMemoryRefreshCoordinator } from "../../src/outside/memory-refresh-coordinator.ts";
import { createRefresher } from "../../src/outside/refresher.ts";
import type { Refresh } from "../../src/outside/refresher.ts";
import type { WarningEvent } from "../../src/index.ts";
import type { RefreshCoordinator } from "../../src/words/refresh.ts";
import { enter } from "./support/people.ts";
import { createStages } from "./support/stage.ts";
import type { Scene } from "./support/stage.ts";

const stages = createStages();
const timeoutMs = 2_000;
const leaseMs = 7_000;

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
afterEach(() => {
  vi.useRealTimers();
});
afterAll(() => stages.close());

function startProcess(changes: Partial<Parameters<typeof createRefresher>[0]> = {}): Refresh {
  return createRefresher({
    ...{ environment: "demo", coordinator, graceMs: 10_000, timeoutMs },
    refresh: (input, options) => scene.client.refresh(input, options),
    warn: (event) => warnings.push(event),
    now: () => scene.emulator.clock.now(),
    monotonic: () => time,
    ...changes,
  });
}

const exchanges = (): number =>
  scene.emulator.requests.entries().filter(({ path }) => path === "/auth/v1/token").length;

describe("RF-06 the lease of a slow exchange", () => {
  /** Lets leases pass for processes that live, and for those that do not. */
  async function pass(leases: number): Promise<void> {
    for (let third = 0; third < 3 * leases; third += 1) {
      time += leaseMs / 3;
      await vi.advanceTimersByTimeAsync(leaseMs / 3);
    }
  }

  it("is renewed until the server has answered: nobody else asks, and all get the one answer", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const { refreshToken } = await enter(scene);
    const answered = Promise.withResolvers<undefined>();
    const slow = startProcess({
      refresh: async (input, options) => {
        await answered.promise;
        return scene.client.refresh(input, options);
      },
    })(refreshToken);
    await pass(3);
    const late = startProcess()(refreshToken);
    await pass(1);
    expect(exchanges()).toBe(0);
    answered.resolve(undefined);
    expect((await late).accessToken).toBe((await slow).accessToken);
    expect(exchanges()).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("ends when its doer cannot be heard of; what that comes back with counts for nothing", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const { refreshToken } = await enter(scene);
    const cutOff = { ...coordinator, renew: () => Promise.reject(new Error("ECONNREFUSED")) };
    const answered = Promise.withResolvers<undefined>();
    const slow = startProcess({
      coordinator: cutOff,
      refresh: async (input, options) => {
        await answered.promise;
        return scene.client.refresh(input, options);
      },
    })(refreshToken);
    await pass(1);
    const other = await startProcess()(refreshToken);
    expect(other.accessToken).toBeTruthy();
    answered.resolve(undefined);
    await expect(slow).rejects.toMatchObject({ kind: "invalid_grant" });
  });

  it("of a coordinator that knows no renewing ends in its time, and nothing else happens", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const { refreshToken } = await enter(scene);
    const older: unknown = { ...coordinator, renew: undefined };
    const answered = Promise.withResolvers<undefined>();
    const slow = startProcess({
      coordinator: older as RefreshCoordinator,
      refresh: async (input, options) => {
        await answered.promise;
        return scene.client.refresh(input, options);
      },
    })(refreshToken);
    await pass(0.7);
    answered.resolve(undefined);
    expect((await slow).accessToken).toBeTruthy();
  });

  it("a server that takes longer than other calls are given is waited for, up to twice as long", async () => {
    const { refreshToken } = await enter(scene);
    scene.emulator.failNext("POST /auth/v1/token", { kind: "slow", delayMs: 450 });
    expect((await startProcess({ timeoutMs: 300 })(refreshToken)).accessToken).toBeTruthy();
    expect(exchanges()).toBe(1);
  });
});

describe("tokens that the server gave, and a coordinator in trouble", () => {
  it("that has lost the turn, and then is away: they are handed out, and it is said", async () => {
    const { refreshToken } = await enter(scene);
    let begun = 0;
    const failing: RefreshCoordinator = {
      ...coordinator,
      begin: (turn) => ((begun += 1) === 1 ? coordinator.begin(turn) : Promise.reject(new Error("ECONNREFUSED"))),
      succeed: () => Promise.resolve(false),
    };
    const { refreshToken: next = "" } = await startProcess({ coordinator: failing })(refreshToken);
    expect(warnings).toMatchObject([{ code: "refresh_trouble" }]);
    expect((await startProcess()(next)).accessToken).toBeTruthy();
  });

  it("that has lost all it had: they are written down anew, for whoever comes late", async () => {
    const { refreshToken } = await enter(scene);
    const forgetful: RefreshCoordinator = {
      ...coordinator,
      succeed: async (rotation) => {
        await coordinator.release(rotation);
        return coordinator.succeed(rotation);
      },
    };
    let forgets = true;
    const once: RefreshCoordinator = {
      ...coordinator,
      succeed: (rotation) => {
        const one = forgets ? forgetful : coordinator;
        forgets = false;
        return one.succeed(rotation);
      },
    };
    const tokens = await startProcess({ coordinator: once })(refreshToken);
    expect((await startProcess()(refreshToken)).accessToken).toBe(tokens.accessToken);
    expect(exchanges()).toBe(1);
    expect(warnings).toEqual([]);
  });

  it("whose session was ended meanwhile: nobody gets them", async () => {
    const { refreshToken } = await enter(scene);
    const ending: RefreshCoordinator = {
      ...coordinator,
      succeed: async (rotation) => {
        await coordinator.end(rotation);
        return coordinator.succeed(rotation);
      },
    };
    await expect(startProcess({ coordinator: ending })(refreshToken)).rejects.toMatchObject({
      name: "RefreshSpentError",
    });
  });
});
