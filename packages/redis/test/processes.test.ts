import { fork } from "node:child_process";
import { once } from "node:events";
import { createAuthClient } from "@cloudbase-auth/core";
import type { TokenSet } from "@cloudbase-auth/core";
import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listOf } from "../src/script.ts";
import { openStage } from "./support/stage.ts";
import type { Stage } from "./support/stage.ts";

/** A process of an application, as its parent sees it. */
interface AppProcess {
  ask(task: string, token?: string): Promise<unknown>;
  readonly exited: Promise<unknown>;
}

const lihua = { username: "lihua", password: "a long password" };
let stage: Stage;
let emulator: Emulator;
let processes: readonly AppProcess[];

beforeAll(async () => {
  emulator = await createEmulator({
    envId: "demo",
    users: [lihua],
    settings: { refreshPolicy: "family ends on reuse" },
  });
  stage = await openStage();
  processes = await Promise.all(["ioredis", "redis", "ioredis", "redis"].map(startProcess));
});
afterAll(async () => {
  await stage.close();
  await emulator.close();
});

async function startProcess(library: string): Promise<AppProcess> {
  const child = fork(new URL("support/process.ts", import.meta.url), [library, stage.server.url, emulator.endpoint], {
    execArgv: ["--conditions=@cloudbase-auth/source"],
  });
  const exited = once(child, "exit");
  const waiting = new Map<string, (answer: unknown, error?: Error) => void>();
  child.on("message", (message: unknown) => {
    const [id, answer, error] = listOf(message);
    waiting.get(String(id))?.(answer, typeof error === "string" ? new Error(error) : undefined);
  });
  child.on("exit", (code) => {
    for (const answer of waiting.values()) answer(undefined, new Error(`the process exited with ${String(code)}`));
  });
  const answerTo = (id: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.set(id, (answer, error) => (error === undefined ? resolve(answer) : reject(error)));
    });
  await answerTo("ready");
  let asked = 0;
  return {
    exited,
    ask(task, token) {
      asked += 1;
      child.send([String(asked), task, token]);
      return answerTo(String(asked));
    },
  };
}

async function signIn(): Promise<{ readonly accessToken: string; readonly refreshToken: string }> {
  const client = createAuthClient({ envId: "demo", endpoint: emulator.endpoint });
  const { accessToken, refreshToken = "" } = await client.signIn(lihua);
  await client.close();
  return { accessToken, refreshToken };
}

const inEach = (task: string, token?: string): Promise<unknown[]> =>
  Promise.all(processes.map((each) => each.ask(task, token)));
const asked = (path: string): number => emulator.requests.entries().filter((request) => request.path === path).length;
const isTokens = (value: unknown): value is TokenSet =>
  typeof value === "object" && value !== null && "accessToken" in value;

describe("four processes that share one Redis", () => {
  it("F27, F28: 100 that refresh one token at once: one exchange, one answer, and the session lives on", async () => {
    let { refreshToken } = await signIn();
    for (let round = 1; round <= 3; round += 1) {
      emulator.requests.clear();
      const answers = await Promise.all(Array.from({ length: 25 }, () => inEach("refresh", refreshToken)));
      const tokens = answers.flat().filter(isTokens);
      expect(tokens).toHaveLength(100);
      expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(1);
      expect(asked("/auth/v1/token")).toBe(1);
      refreshToken = tokens[0]?.refreshToken ?? "";
    }
  });

  it("RF-06: a server that answers later than other calls are waited for: still one exchange", async () => {
    const { refreshToken } = await signIn();
    emulator.requests.clear();
    emulator.failNext("POST /auth/v1/token", { kind: "slow", delayMs: 2_400 });
    const tokens = (await inEach("refresh", refreshToken)).filter(isTokens);
    expect(tokens).toHaveLength(processes.length);
    expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(1);
    expect(asked("/auth/v1/token")).toBe(1);
    expect((await inEach("refresh", tokens[0]?.refreshToken)).filter(isTokens)).toHaveLength(processes.length);
  });

  it("RV-08: what one revokes, all refuse within a second", async () => {
    for (const one of processes) {
      const { accessToken } = await signIn();
      expect(await inEach("stateOf", accessToken)).toEqual(processes.map(() => "authenticated"));
      const startedAt = Date.now();
      await one.ask("revoke", accessToken);
      const refusedAt = await inEach("untilRejected", accessToken);
      for (const at of refusedAt) expect(Number(at) - startedAt).toBeLessThan(1_000);
    }
  });

  it("BF-20: what one ends, none has any longer", async () => {
    const { sessions } = await stage.open("redis");
    const ids = ["a", "b", "c"];
    for (const id of ids) await sessions.create({ id, owner: "lihua", value: "sealed", ttlMs: 60_000 });
    expect(await inEach("load", "b")).toMatchObject(processes.map(() => ({ value: "sealed" })));
    await processes[3]?.ask("endAll", "lihua");
    for (const id of ids) expect(await inEach("load", id)).toEqual(processes.map(() => null)); // undefined, as JSON
  });

  it("a token is introspected once for all of them", async () => {
    async function questions(): Promise<number> {
      const { accessToken } = await signIn();
      emulator.requests.clear();
      for (const each of processes) expect(await each.ask("stateByServer", accessToken)).toBe("authenticated");
      return asked("/auth/v1/token/introspect");
    }
    // On a busy machine the cache may take too long for one of them, which then asks for itself.
    await expect.poll(questions, { timeout: 10_000 }).toBe(1);
  });

  it("each ends by itself when the application has closed its client", async () => {
    for (const each of processes) each.ask("close").catch(() => undefined);
    expect(await Promise.all(processes.map(({ exited }) => exited))).toEqual(processes.map(() => [0, null]));
  });
});
