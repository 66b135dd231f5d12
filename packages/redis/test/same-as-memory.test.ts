import { createMemoryRefreshCoordinator } from "@cloudbase-auth/core";
import type { RefreshCoordinator, Rotation, SessionStore } from "@cloudbase-auth/core";
import { createMemorySessionStore } from "@cloudbase-auth/sessions";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { RedisStores } from "../src/index.ts";
import { openStage } from "./support/stage.ts";
import type { Stage } from "./support/stage.ts";

const runs = Number(process.env["PROPERTY_RUNS"] ?? 60);
const ttlMs = 600_000;
let stage: Stage;
let stores: RedisStores;
let round = 0;

beforeAll(async () => {
  stage = await openStage();
  stores = await stage.openPatiently("redis");
});
afterAll(() => stage.close());

/** Does the same with two of a kind and compares what each says; `do` gives what was said without what is random in it. */
async function expectSame<Step, One>(
  steps: readonly Step[],
  [memory, redis]: readonly [One, One],
  createPlayer: (one: One) => (step: Step) => Promise<unknown>,
): Promise<void> {
  const [inMemory, inRedis] = [createPlayer(memory), createPlayer(redis)];
  for (const step of steps) expect(await inRedis(step), JSON.stringify(step)).toEqual(await inMemory(step));
}

const name = fc.integer({ min: 0, max: 3 }).map(String);
const sessionStep = fc.oneof(
  fc.record({ what: fc.constant("create" as const), id: name, owner: name }),
  fc.record({ what: fc.constantFrom("load", "read and replace", "replace what was read", "delete"), id: name }),
  fc.record({ what: fc.constantFrom("list", "deleteAll"), owner: name }),
  fc.record({ what: fc.constant("deleteAll but" as const), owner: name, id: name }),
);
type SessionStep = typeof sessionStep extends fc.Arbitrary<infer Step> ? Step : never;

function createSessionPlayer(store: SessionStore): (step: SessionStep) => Promise<unknown> {
  const prefix = `round ${String(round)} `;
  /** The version that was read last, of each. */
  const versions = new Map<string, string>();
  let values = 0;

  async function read(id: string): Promise<string | undefined> {
    const found = await store.load(id);
    if (found !== undefined) versions.set(id, found.version);
    return found?.value;
  }
  return async (step) => {
    const id = prefix + ("id" in step ? step.id : "");
    const owner = prefix + ("owner" in step ? step.owner : "");
    const value = String((values += 1));
    switch (step.what) {
      case "create":
        // No id is ever given to a second owner.
        return store.create({ id: id + step.owner, owner, value, ttlMs });
      case "load":
        return read(id + step.id);
      case "read and replace":
        await read(id + step.id);
        return store.replace({ id: id + step.id, version: versions.get(id + step.id) ?? "none", value, ttlMs });
      case "replace what was read":
        return store.replace({ id: id + step.id, version: versions.get(id + step.id) ?? "none", value, ttlMs });
      case "delete":
        return store.delete(id + step.id);
      case "list":
        return (await store.list(owner)).map((each) => `${each.id}: ${each.value}`).sort();
      case "deleteAll":
        return store.deleteAll(owner);
      case "deleteAll but":
        return store.deleteAll(owner, id + step.owner);
    }
  };
}

it("sessions: whatever is done in whatever order, Redis says what memory says", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(sessionStep, { minLength: 5, maxLength: 25 }), async (steps) => {
      round += 1;
      await expectSame(steps, [createMemorySessionStore(), stores.sessions], createSessionPlayer);
    }),
    { numRuns: runs },
  );
});

const turnStep = fc.record({
  what: fc.constantFrom("begin", "succeed", "succeed without grace", "release", "end", "succeed with an old fence"),
  key: fc.integer({ min: 0, max: 4 }),
});
type TurnStep = typeof turnStep extends fc.Arbitrary<infer Step> ? Step : never;

function createTurnPlayer(coordinator: RefreshCoordinator): (step: TurnStep) => Promise<unknown> {
  const nameOf = (key: number): string => `round-${String(round)}-${String(key)}`;
  const fences = new Map<string, string>();
  const older = new Map<string, string>();

  /** Nobody writes the same outcome down twice, but a command that is sent again; and that is told the same again. */
  async function succeed(rotation: Rotation): Promise<boolean> {
    const isDone = await coordinator.succeed(rotation);
    if (isDone) for (const known of [fences, older]) known.delete(rotation.key);
    return isDone;
  }

  return async ({ what, key: number }) => {
    const key = nameOf(number);
    const fence = fences.get(key) ?? "none";
    const rotation = { key, fence, outcome: `of ${key}`, successorKey: nameOf(number + 1), graceMs: ttlMs };
    switch (what) {
      case "begin": {
        const turn = await coordinator.begin({ key, leaseMs: ttlMs });
        if (turn.state !== "yours") return turn;
        older.set(key, fences.get(key) ?? "none");
        fences.set(key, turn.fence);
        return turn.state;
      }
      case "succeed":
        return succeed(rotation);
      case "succeed without grace":
        return succeed({ ...rotation, graceMs: 0 });
      case "succeed with an old fence":
        return succeed({ ...rotation, fence: older.get(key) ?? "none" });
      case "release":
        return coordinator.release({ key, fence });
      case "end":
        return coordinator.end({ key });
    }
  };
}

// Found once, by chance: the first token of an ended session is named as the successor of another.
const adopted: TurnStep[] = [
  { what: "begin", key: 1 },
  { what: "succeed", key: 1 },
  { what: "end", key: 2 },
  { what: "begin", key: 0 },
  { what: "succeed", key: 0 },
  { what: "begin", key: 1 },
];

it("turns: whatever is done in whatever order, Redis says what memory says", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(turnStep, { minLength: 5, maxLength: 30 }), async (steps) => {
      round += 1;
      await expectSame(steps, [createMemoryRefreshCoordinator(), stores.refreshes], createTurnPlayer);
    }),
    { numRuns: runs, examples: [[adopted]] },
  );
});
