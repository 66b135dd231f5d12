import { EventEmitter, on, once } from "node:events";
import { readFile } from "node:fs";
import { request as send } from "node:http";
import type { IncomingMessage } from "node:http";
import { Readable, Transform } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import { createGunzip, createGzip } from "node:zlib";
import { authContext as contextOfExpress } from "@cloudbase-auth/express";
import { authContext as contextOfFastify, cloudbaseAuth as forFastify, requireUser } from "@cloudbase-auth/fastify";
import { authContext as contextOfKoa } from "@cloudbase-auth/koa";
import { createCloudbaseAuth, currentAuth, currentUser, fromForm } from "@cloudbase-auth/core";
import type { CloudbaseAuth } from "@cloudbase-auth/core";
import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import Fastify from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contextApps } from "./support/context-apps.ts";
import type { Handler } from "./support/context-apps.ts";
import type { RunningServer } from "../src/contract-app.ts";

const people = 200;
const me = (): string => currentUser()?.id ?? `nobody, ${currentAuth()?.state ?? "no request"}`;

let emulator: Emulator;
let auth: CloudbaseAuth;
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  emulator = await createEmulator({ envId: "demo" });
  auth = createCloudbaseAuth({ envId: "demo", endpoint: emulator.endpoint });
});
afterAll(async () => {
  for (const close of closers) await close();
  await auth.close();
  await emulator.close();
});

/** Everything that code does between a request and its answer, and who was there on the way. */
async function journey(): Promise<Record<string, string>> {
  const seen: Record<string, string> = { handler: me() };
  await Promise.resolve();
  seen["await"] = me();
  await wait(Math.random() * 5);
  seen["timer"] = me();
  seen["callback of a timer"] = await new Promise((resolve) => void setTimeout(() => resolve(me()), Math.random() * 5));
  seen["setImmediate"] = await new Promise((resolve) => void setImmediate(() => resolve(me())));
  seen["nextTick"] = await new Promise((resolve) => process.nextTick(() => resolve(me())));
  seen["file"] = await new Promise((resolve) => readFile(import.meta.filename, () => resolve(me())));
  seen["microtask"] = await new Promise((resolve) => queueMicrotask(() => resolve(me())));

  const emitter = new EventEmitter();
  setTimeout(() => emitter.emit("told"), Math.random() * 5);
  seen["listener"] = await new Promise((resolve) => emitter.once("told", () => resolve(me())));
  setImmediate(() => emitter.emit("told"));
  await once(emitter, "told");
  seen["once()"] = me();
  setImmediate(() => emitter.emit("told"));
  for await (const _event of on(emitter, "told")) break;
  seen["on()"] = me();

  const chunks: string[] = [];
  const watcher = new Transform({
    transform(chunk, _encoding, done) {
      chunks.push(me());
      done(null, chunk);
    },
  });
  await pipeline(Readable.from(["a".repeat(20_000), "b"]), createGzip(), createGunzip(), watcher, async (source) => {
    seen["stream's end"] = `${String((await text(source)).length)} ${me()}`;
  });
  seen["stream"] = [...new Set(chunks)].join();
  seen["generator"] = await text(
    Readable.from(
      (async function* () {
        await wait(1);
        yield me();
      })(),
    ),
  );
  seen["all"] = (await Promise.all([1, 2, 3].map((ms) => wait(ms).then(me)))).join();
  try {
    await wait(1).then(() => Promise.reject(new Error("thrown")));
  } catch {
    seen["catch"] = me();
  }
  return seen;
}

const expected = (id: string): Record<string, string> => ({
  ...Object.fromEntries(
    [
      ...["handler", "await", "timer", "callback of a timer", "setImmediate", "nextTick", "file", "microtask"],
      ...["listener", "once()", "on()", "stream", "generator", "catch"],
    ].map((place) => [place, id]),
  ),
  "stream's end": `20001 ${id}`,
  all: `${id},${id},${id}`,
});

/** Lets nobody pass before all have come, so that they really are there at the same time. */
function createGate(count: number) {
  const { promise, resolve } = Promise.withResolvers<void>();
  let arrived = 0;
  return (): Promise<void> => {
    arrived += 1;
    if (arrived === count) resolve();
    return promise;
  };
}

describe.each(contextApps)("$name", ({ start }) => {
  async function serve(handler: Handler, { context = true, instance = auth } = {}): Promise<string> {
    const server: RunningServer = await start({ auth: instance, handler, context });
    closers.unshift(() => server.close());
    return `http://127.0.0.1:${String(server.port)}`;
  }

  const get = async (url: string, token?: string): Promise<unknown> => {
    const response = await fetch(url, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(200);
    return response.json();
  };

  /** Sends the body when the head is long there, and in pieces, so that reading it waits for the socket. */
  async function post(url: string, type: string, body: string, token?: string): Promise<unknown> {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const headers = { "content-type": type, "content-length": Buffer.byteLength(body), ...authorization };
    const request = send(url, { method: "POST", headers });
    request.flushHeaders();
    const answered = once(request, "response") as Promise<[IncomingMessage]>;
    for (const piece of [body.slice(0, 2), body.slice(2)]) {
      await wait(5 + Math.random() * 10);
      request.write(piece);
    }
    request.end();
    const [response] = await answered;
    expect(response.statusCode).toBe(200);
    return JSON.parse(await text(response));
  }

  it.each(["GET", "POST"])(`${people} at once by %s, each seen as themselves everywhere`, async (method) => {
    const gate = createGate(people);
    const url = await serve(async () => {
      await gate();
      return journey();
    });
    const ids = Array.from({ length: people }, (_, index) => `user-${String(index)}`);
    // Every fifth comes without a token, and every seventh with a bad one.
    const whom = ids.map((id, index) => (index % 5 === 0 ? "absent" : index % 7 === 0 ? "rejected" : id));
    const tokens = await Promise.all(
      ids.map(async (sub, index) => {
        if (whom[index] === "absent") return undefined;
        const token = await emulator.issueToken({ sub });
        return whom[index] === "rejected" ? `${token}A` : token;
      }),
    );
    let sampled = 0;
    const outside: string[] = [];
    const sampling = setInterval(() => {
      sampled += 1;
      outside.push(me());
    }, 1);
    const answers = await Promise.all(
      tokens.map((token) => (method === "GET" ? get(url, token) : post(url, "application/json", '{"a":1}', token))),
    );
    clearInterval(sampling);
    expect(answers).toEqual(whom.map((id) => expected(id === "absent" || id === "rejected" ? `nobody, ${id}` : id)));
    expect(sampled).toBeGreaterThan(0);
    expect([...new Set(outside)]).toEqual(["nobody, no request"]);
  });

  it("the same connections again, with other users in turn", async () => {
    const url = await serve(journey);
    const tokens = await Promise.all(["a", "b", "c"].map((sub) => emulator.issueToken({ sub })));
    for (const [index, token] of [...tokens, undefined, ...tokens].entries()) {
      const id = ["a", "b", "c", "nobody, absent", "a", "b", "c"][index] ?? "";
      expect(await get(url, token)).toEqual(expected(id));
    }
  });

  it("a body that the handler reads by events: nobody else, and bound to the request themselves", async () => {
    const { AsyncResource } = await import("node:async_hooks");
    const gate = createGate(50);
    const url = await serve(async (request: IncomingMessage) => {
      const whose = me();
      await gate();
      const [loose, bound] = await new Promise<[string, string]>((resolve) => {
        let first = "";
        request.on("end", () => void (first = me()));
        request.on(
          "end",
          AsyncResource.bind(() => resolve([first, me()])),
        );
        request.resume();
      });
      return { whose, bound, loose: loose === whose || loose === "nobody, no request" };
    });
    const ids = Array.from({ length: 50 }, (_, index) => `reader-${String(index)}`);
    const body = "x".repeat(100_000);
    const answers = await Promise.all(
      ids.map(async (sub) => post(`${url}/raw`, "application/octet-stream", body, await emulator.issueToken({ sub }))),
    );
    expect(answers).toEqual(ids.map((id) => ({ whose: id, bound: id, loose: true })));
  });

  it("a token in a form, which is read before it is known who it is", async () => {
    const instance = createCloudbaseAuth({ envId: "demo", endpoint: emulator.endpoint, credentials: [fromForm()] });
    closers.unshift(() => instance.close());
    const url = await serve(journey, { instance });
    const body = `access_token=${await emulator.issueToken({ sub: "former" })}`;
    expect(await post(url, "application/x-www-form-urlencoded", body)).toEqual(expected("former"));
  });

  it("without authContext there is nobody", async () => {
    const url = await serve(() => me(), { context: false });
    expect(await get(url, await emulator.issueToken({ sub: "a" }))).toBe("nobody, no request");
  });
});

it("Fastify: in the hooks of the route, from the first to the last, and in a guard's own question", async () => {
  const app = Fastify();
  const seen: string[] = [];
  const note = (hook: string) => async () => void seen.push(`${hook} ${me()}`);
  await app.register(forFastify, auth);
  await app.register(contextOfFastify);
  const check = (): boolean => seen.push(`check ${me()}`) > 0;
  const hooks = {
    onRequest: [requireUser({ check }), note("onRequest")],
    ...{ preParsing: note("preParsing"), preValidation: note("preValidation"), preHandler: note("preHandler") },
    ...{ preSerialization: note("preSerialization"), onSend: note("onSend") },
  };
  app.post("/", hooks, () => ({ handler: me() }));
  const authorization = `Bearer ${await emulator.issueToken({ sub: "a" })}`;
  const answer = await app.inject({ method: "POST", url: "/", headers: { authorization }, payload: { a: 1 } });
  await app.close();
  expect(answer.json()).toEqual({ handler: "a" });
  const passed = ["check", "onRequest", "preParsing", "preValidation", "preHandler", "preSerialization", "onSend"];
  expect(seen).toEqual(passed.map((hook) => `${hook} a`));
});

describe("authContext without cloudbaseAuth() in front says so", () => {
  const sentence = "authContext ran on a request that cloudbaseAuth() has not seen";

  it("Express and Koa, on the request", () => {
    expect(() => contextOfExpress()({} as never, {} as never, () => undefined)).toThrow(sentence);
    expect(() => void contextOfKoa()({} as never, () => Promise.resolve())).toThrow(sentence);
  });

  it("Fastify, where it is registered", async () => {
    const app = Fastify();
    await expect(app.register(contextOfFastify)).rejects.toThrow("@cloudbase-auth/fastify");
    await app.close();
  });
});

it("outside of a request there is nobody", () => {
  expect(currentUser()).toBeUndefined();
  expect(currentAuth()).toBeUndefined();
});
