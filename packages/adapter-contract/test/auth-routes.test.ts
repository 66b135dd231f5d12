import { once } from "node:events";
import { connect } from "node:net";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import type { SessionRequest, Sessions } from "@cloudbase-auth/core";
import { afterEach, describe, expect, test } from "vitest";
import type { RunningServer } from "../src/contract-app.ts";
import { exchange } from "../src/wire.ts";
import type { WireResponse } from "../src/wire.ts";
import { cloudbaseAuth as onExpress } from "@cloudbase-auth/express";
import { cloudbaseAuth as onKoa } from "@cloudbase-auth/koa";
import { sessionsApps } from "./support/sessions-apps.ts";

const auth = createCloudbaseAuth({ envId: "demo", endpoint: "http://127.0.0.1:1", onWarning: () => undefined });
const renewed = "sid=renewed; Path=/; HttpOnly";
let asked: SessionRequest[] = [];
let server: RunningServer | undefined;
afterEach(async () => {
  await server?.close();
  asked = [];
});

/** What an adapter hands over and what becomes of the answer; the sessions themselves are tested with real ones. */
const echo: Sessions = {
  auth,
  authenticate: async () => ({
    ...(await auth.authenticate({ headers: {} })),
    headers: { Vary: "Cookie, Sec-Fetch-Site", "Cache-Control": "no-store" },
    cookies: [renewed],
  }),
  async answer(request) {
    asked.push(request);
    return {
      status: 201,
      headers: {
        "Content-Type": "application/json",
        Vary: "Cookie",
        "Set-Cookie": ["sid=new; Path=/; HttpOnly", "tx=1; Path=/"],
      },
      body: request.method === "HEAD" ? undefined : '{"fine":true}',
    };
  },
};

const linesOf = ({ headers }: WireResponse, name: string): string[] =>
  headers.filter(([known]) => known === name).map(([, value]) => value);

describe.each(Object.keys(sessionsApps))("authRoutes() on %s", (framework) => {
  async function start(parsesJson: boolean, problemDetails = true): Promise<number> {
    server = await sessionsApps[framework]?.({ sessions: echo, parsesJson, problemDetails });
    return server?.port ?? 0;
  }
  const json = "Content-Type: application/json";

  test("hands over method, mount, path, query, address and the text of the body", async () => {
    const port = await start(false);
    const target = "/auth/sessions/a%2Fb?x=1&y=%20";
    const answer = await exchange(port, { method: "DELETE", target, lines: [json, "X-A: 1"], body: '{"a":"é"}' });
    expect(answer).toMatchObject({ status: 201, body: '{"fine":true}' });
    const [request] = asked;
    expect(request).toMatchObject({ method: "DELETE", mount: "/auth", path: "/sessions/a%2Fb", query: "x=1&y=%20" });
    expect(request).toMatchObject({ body: '{"a":"é"}', ip: expect.stringMatching(/127\.0\.0\.1$/) as string });
    expect(request?.headers["x-a"]).toBe("1");
    expect(request?.rawHeaders).toContain("X-A");
  });

  test.each(["//a:b?x=//[", "//[", "//evil.example/signin"])(
    "a path such as %s is a path, and no host",
    async (rest) => {
      const port = await start(false);
      expect((await exchange(port, { target: `/auth${rest}` })).status).toBe(201);
      const [path, query = ""] = rest.split("?");
      expect(asked).toMatchObject([{ mount: "/auth", path, query }]);
    },
  );

  test("hands over what a parser made of the body", async () => {
    const port = await start(true);
    await exchange(port, { method: "POST", target: "/auth/signin", lines: [json], body: '{"a":1}' });
    // Fastify's parsers are the plugin's own below the prefix.
    expect(asked[0]?.body).toEqual(framework === "fastify" ? '{"a":1}' : { a: 1 });
  });

  test.each(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])(
    "answers %s, without a body",
    async (method) => {
      const port = await start(false);
      const answer = await exchange(port, { method, target: "/auth" });
      expect(answer.status).toBe(201);
      expect(asked).toMatchObject([{ method, path: "/", query: "", body: undefined }]);
      expect(linesOf(answer, "content-type")).toEqual(method === "HEAD" ? expect.anything() : ["application/json"]);
    },
  );

  test("any type of body is handed over as text", async () => {
    const port = await start(false);
    await exchange(port, { method: "POST", target: "/auth/signin", lines: ["Content-Type: text/x"], body: "abc" });
    expect(asked[0]?.body).toBe("abc");
  });

  test("adds to cookies and Vary of others, and a cookie takes the place of one of its name", async () => {
    const port = await start(false);
    const answer = await exchange(port, { method: "POST", target: "/auth/signin" });
    const cookies = linesOf(answer, "set-cookie").map((line) => line.split(";")[0] ?? "");
    expect(cookies.toSorted()).toEqual(["early=1", "sid=new", "tx=1"]);
    const vary = linesOf(answer, "vary").join(", ").toLowerCase().split(/, */);
    // On Fastify what the plugin says of sessions holds for all routes, wherever they are registered.
    expect(vary.filter((name) => name !== "sec-fetch-site")).toEqual(["origin", "cookie"]);
  });

  test("a body of more than 16 KiB: null, and the connection ends", async () => {
    const port = await start(false);
    const answer = await exchange(port, {
      ...{ method: "POST", target: "/auth/signin", lines: [json] },
      body: `{"a":"${"x".repeat(16_400)}"}`,
    });
    expect(answer.status).toBe(201);
    expect(asked).toMatchObject([{ body: null }]);
    expect(linesOf(answer, "connection")).toEqual(["close"]);
  });

  test("a client that hangs up while it sends harms nobody", async () => {
    const port = await start(false);
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    socket.write(`POST /auth/signin HTTP/1.1\r\nHost: a\r\n${json}\r\nContent-Length: 100\r\n\r\n{"a"`);
    await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    expect((await exchange(port, { target: "/auth/me" })).status).toBe(201);
    expect(asked.every(({ path }) => path === "/me")).toBe(true);
  });
});

describe.each(Object.keys(sessionsApps))("cloudbaseAuth({ session }) on %s", (framework) => {
  describe.each([true, false])("problemDetails: %s", (problemDetails) => {
    test.each([
      ["/open", 200, ["early=1", "own=1", "sid=renewed"]],
      ["/me", 401, ["early=1", "sid=renewed"]],
      ["/fail", 500, ["early=1", "sid=renewed"]],
    ] as const)("%s: %i, with the cookie, no-store and Vary, once", async (target, status, cookies) => {
      server = await sessionsApps[framework]?.({ sessions: echo, parsesJson: false, problemDetails });
      const answer = await exchange(server?.port ?? 0, { target });
      expect(answer.status).toBe(status);
      const set = linesOf(answer, "set-cookie").map((line) => line.split(";")[0] ?? "");
      expect(set.toSorted()).toEqual(cookies);
      expect(linesOf(answer, "cache-control")).toEqual(["no-store"]);
      const vary = linesOf(answer, "vary").join(", ").split(/, */);
      expect(vary).toEqual(expect.arrayContaining(["Cookie", "Sec-Fetch-Site"]));
      expect(new Set(vary).size).toBe(vary.length);
    });
  });

  test("what belongs to the sessions is no option beside them", async () => {
    const wrong = { ...echo, parsesJson: false };
    const adapter = { express: onExpress, koa: onKoa }[framework];
    if (adapter === undefined) return;
    expect(() => adapter({ session: wrong, auth } as never)).toThrow("option auth has no effect beside option session");
    expect(() => adapter({ session: wrong, envId: "x" } as never)).toThrow("give it to createSessions() instead");
    expect(() => adapter(wrong as never)).toThrow("cloudbaseAuth({ session: sessions })");
  });
});
