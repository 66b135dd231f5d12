import { createCloudbaseAuth } from "@cloudbase-auth/core";
import type { CloudbaseAuth } from "@cloudbase-auth/core";
import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { createMemorySessionStore, createSessions } from "@cloudbase-auth/sessions";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningServer } from "../src/contract-app.ts";
import type { WireResponse } from "../src/wire.ts";
import { sessionsApps } from "./support/sessions-apps.ts";
import { createVisitor, setCookiesOf } from "./support/visitor.ts";
import type { Visitor } from "./support/visitor.ts";

const origin = "https://app.example";
const password = "Sentinel-1234";

let emulator: Emulator;
let auth: CloudbaseAuth;
const running: RunningServer[] = [];
beforeAll(async () => {
  const users = [{ username: "person-0", password }];
  emulator = await createEmulator({ envId: "demo", users, settings: { refreshPolicy: "family ends on reuse" } });
  const now = (): number => emulator.clock.now();
  auth = createCloudbaseAuth({ envId: "demo", endpoint: emulator.endpoint, now, onWarning: () => undefined });
});
afterAll(async () => {
  for (const server of running) await server.close();
  await auth.close();
  await emulator.close();
});

const bodyOf = ({ body }: WireResponse): unknown => JSON.parse(body);
const exchanges = (): number => emulator.requests.entries().filter(({ path }) => path === "/auth/v1/token").length;
const header = ({ headers }: WireResponse, name: string): string[] =>
  headers.filter(([known]) => known === name).flatMap(([, value]) => value.split(", "));

describe.each(Object.keys(sessionsApps))("sessions on %s", (framework) => {
  describe.each(["a sealed cookie", "a store"])("with %s", (kind) => {
    let port: number;
    beforeAll(async () => {
      const sessions = createSessions({
        ...{ auth, origin, secret: "0123456789abcdefghijklmnopqrstuvwxyz", now: () => emulator.clock.now() },
        limits: {
          signIn: { perIp: { attempts: 1_000, perSeconds: 60 }, perAccount: { attempts: 1_000, perSeconds: 60 } },
        },
        ...(kind === "a store" && { store: createMemorySessionStore() }),
      });
      const server = await sessionsApps[framework]?.({
        sessions,
        parsesJson: framework === "koa",
        problemDetails: true,
      });
      if (server === undefined) throw new Error(`there is no ${framework}`);
      running.push(server);
      ({ port } = server);
    });

    async function signIn(username = "person-0"): Promise<Visitor> {
      const visitor = createVisitor();
      const answer = await visitor.post(port, "/auth/signin", { username, password });
      expect(answer.status).toBe(200);
      return visitor;
    }

    test("a person signs in, is known to the application, and signs out", async () => {
      const visitor = await signIn();
      const me = await visitor.send(port, { target: "/me" });
      expect([me.status, Object.keys(bodyOf(me) as object)]).toEqual([200, ["user"]]);
      expect(header(me, "vary")).toContain("Cookie");
      expect(header(me, "cache-control")).toEqual(["private"]);
      expect(setCookiesOf(me).filter((line) => line.includes("cb.sid"))).toEqual([]);
      expect((await visitor.post(port, "/auth/signout")).status).toBeLessThan(300);
      expect((await visitor.send(port, { target: "/me" })).status).toBe(401);
    });

    test("Cache-Control is the handler's where the handler says something", async () => {
      const visitor = await signIn();
      const answer = await visitor.send(port, { target: "/cached" });
      expect(header(answer, "cache-control")).toEqual(["private", "max-age=60"]);
      expect(header(answer, "vary")).toContain("Cookie");
    });

    test("the bearer header and the cookie at once are two ways in one request: 400 (RFC 6750 §2)", async () => {
      const visitor = await signIn();
      const answer = await visitor.send(port, { target: "/me", lines: ["Authorization: Bearer abc"] });
      expect([answer.status, bodyOf(answer)]).toEqual([400, expect.objectContaining({ code: "invalid_request" })]);
    });

    test.each([
      ["of the page itself", ["Sec-Fetch-Site: same-origin"], 200],
      ["of another site", ["Sec-Fetch-Site: cross-site"], 403],
      ["of a neighbour", ["Sec-Fetch-Site: same-site", "Origin: https://evil.app.example"], 403],
      ["of an older browser's page", [`Origin: ${origin}`], 200],
      ["of an older browser's page of another site", ["Origin: https://evil.example"], 403],
      ["of nobody who can be named", ["Origin: null"], 403],
    ] as const)("BF-09: the application's own POST %s", async (_title, lines, status) => {
      const visitor = await signIn();
      const answer = await visitor.send(port, { method: "POST", target: "/me", lines });
      expect(answer.status).toBe(status);
      if (status === 403) expect(bodyOf(answer)).toMatchObject({ code: "csrf" });
    });

    test.each([
      ["/me", 200],
      ["/stream", 200],
      ["/fail", 500],
      ["/open", 200],
    ] as const)(
      "an access token that ended is refreshed in passing, and %s (%i) brings the cookie",
      async (target, status) => {
        const visitor = await signIn();
        emulator.clock.advance(7_200);
        const before = exchanges();
        const answer = await visitor.send(port, { target });
        expect(answer.status).toBe(status);
        expect(exchanges()).toBe(before + 1);
        if (kind === "a sealed cookie") {
          expect(setCookiesOf(answer).filter((line) => line.startsWith("__Host-cb.sid"))).not.toEqual([]);
          expect(header(answer, "cache-control")).toEqual(["no-store"]);
        }
        expect((await visitor.send(port, { target: "/me" })).status).toBe(200);
        expect(exchanges()).toBe(before + 1);
      },
    );

    test("BF-22: an answer that sets a cookie is no 304, and others still are", async () => {
      const visitor = await signIn();
      const first = await visitor.send(port, { target: "/me" });
      // Only Express has tags by itself.
      const [tag] = header(first, "etag");
      const lines = [`If-None-Match: ${tag ?? '"none"'}`];
      expect((await visitor.send(port, { target: "/me", lines })).status).toBe(tag === undefined ? 200 : 304);
      emulator.clock.advance(7_200);
      const renewed = await visitor.send(port, { target: "/me", lines });
      expect(renewed.status).toBe(kind === "a store" && tag !== undefined ? 304 : 200);
      if (kind === "a sealed cookie") expect(setCookiesOf(renewed).join()).toContain("__Host-cb.sid");
    });

    test("F26, F28, F30: 40 requests with the cookie of an access token that ended: one exchange, 40 × 200", async () => {
      const visitor = await signIn();
      emulator.clock.advance(7_200);
      const before = exchanges();
      const copies = Array.from({ length: 40 }, () => visitor.copy());
      const answers = await Promise.all(copies.map((copy) => copy.send(port, { target: "/me" })));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(exchanges()).toBe(before + 1);
      // The family lives: whichever answer came last, its cookie goes on.
      emulator.clock.advance(7_200);
      expect((await copies.at(-1)?.send(port, { target: "/me" }))?.status).toBe(200);
    });
  });
});
