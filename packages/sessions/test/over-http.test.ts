import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createMemorySessionStore } from "../src/index.ts";
import type { BrowserSessions } from "../src/index.ts";
import { createBrowser } from "./support/browser.ts";
import { mutate } from "./support/mutants.ts";
import { createWorld, secret, sid } from "./support/world.ts";
import type { World } from "./support/world.ts";

const life = 7_200;
let world: World;
let sessions: BrowserSessions;
let server: Server;
/** How many requests the server has begun to judge. */
let begun: number;

beforeAll(async () => {
  world = await createWorld({ refreshPolicy: "family ends on reuse" });
});
beforeEach(() => world.reset());
afterAll(async () => {
  server.close();
  await world.close();
});

/** As small a server as an adapter would be. */
async function serve(of: BrowserSessions): Promise<void> {
  sessions = of;
  begun = 0;
  server?.close();
  server = createServer((request, response) => {
    begun += 1;
    const answer = async (): Promise<void> => {
      const { auth, headers = {}, cookies = [] } = await sessions.authenticate(request);
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      if (cookies.length > 0) response.setHeader("Set-Cookie", cookies);
      const isFailed = auth.state === "rejected" || auth.state === "unavailable";
      response.statusCode = isFailed ? auth.error.status : 200;
      response.end(auth.state);
    };
    answer().catch((error: unknown) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
}

const port = (): number => (server.address() as AddressInfo).port;

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

async function get(headers: Readonly<Record<string, string | string[]>>, method = "GET"): Promise<Answer> {
  const asking = httpRequest({ host: "127.0.0.1", port: port(), method, headers }).end();
  const [response] = (await once(asking, "response")) as [IncomingMessage];
  let body = "";
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode, headers: response.headers, body };
}

describe.each(["sealed cookie", "store"] as const)("over real sockets, with a %s", (kind) => {
  beforeEach(async () => {
    await serve(world.createSessions(kind === "store" ? { store: createMemorySessionStore() } : {}));
  });

  it("a session through two exchanges, with one cookie set each time", async () => {
    const browser = await world.enter(sessions);
    for (let round = 0; round < 2; round += 1) {
      expect(await get({ cookie: browser.cookieHeader() })).toMatchObject({ status: 200, body: "authenticated" });
      world.advance(life);
      const answer = await get({ cookie: browser.cookieHeader() });
      expect(answer).toMatchObject({ status: 200, body: "authenticated" });
      expect(answer.headers).toMatchObject({
        vary: "Cookie",
        "cache-control": kind === "store" ? "private" : "no-store",
      });
      expect(answer.headers["set-cookie"]?.length).toBe(kind === "store" ? undefined : 1);
      browser.take(answer.headers["set-cookie"] as string[] | undefined);
    }
  });

  it("cookies on several lines are read together", async () => {
    const browser = await world.enter(sessions);
    const answer = await get({ cookie: ["a=1", `${sid}=bad`, browser.cookieHeader(), "b=2"] });
    expect(answer.body).toBe("authenticated");
  });

  it("RF-11 F43 a client that hangs up while tokens are exchanged: the exchange is done, once, and is not lost", async () => {
    const browser = await world.enter(sessions);
    world.advance(life);
    world.emulator.failNext("POST /auth/v1/token", { kind: "slow", delayMs: 300 });
    const socket = connect(port(), "127.0.0.1");
    socket.write(`GET / HTTP/1.1\r\nHost: a\r\nCookie: ${browser.cookieHeader()}\r\n\r\n`);
    await expect.poll(() => world.exchanges()).toBe(1);
    expect(begun).toBe(1);
    socket.destroy();
    await once(socket, "close");
    expect(await get({ cookie: browser.cookieHeader() })).toMatchObject({ status: 200, body: "authenticated" });
    expect(world.exchanges()).toBe(1);
  });

  it("BF-04 F41 5,000 mutants as they come over the wire: no session, and no 5xx", async () => {
    const browser = await world.enter(sessions);
    const mutants = mutate(browser.jar.get(sid) ?? "", 5_000, 4);
    const answers = new Set<string>();
    const clients = Array.from({ length: 10 }, async () => {
      // They share the one generator: each takes the next.
      for (const mutant of mutants) {
        // Node itself sends no control characters.
        const { status, body } = await get({ cookie: `${sid}=${mutant.replaceAll(/[^\x20-\x7e]/g, "\u00e9")}` });
        answers.add(`${String(status)} ${body}`);
      }
    });
    await Promise.all(clients);
    expect([...answers]).toEqual(["200 absent"]);
  });

  it("BF-05 a ring of three keys, one after the other put in front and taken out: nobody is signed out", async () => {
    const store = kind === "store" ? { store: createMemorySessionStore() } : {};
    const [one, two, three] = ["one", "two", "three"].map((name) => `${name}-${secret}`) as [string, string, string];
    await serve(world.createSessions({ ...store, secret: [one] }));
    const browser = await world.enter(sessions);
    for (const ring of [[two, one], [three, two, one], [three, two], [three]]) {
      // With a store the value there is sealed too: it is, whenever it changes, as it does in the course of a minute.
      world.advance(61);
      await serve(world.createSessions({ ...store, secret: ring }));
      const answer = await get({ cookie: browser.cookieHeader() });
      expect(answer).toMatchObject({ status: 200, body: "authenticated" });
      browser.take(answer.headers["set-cookie"] as string[] | undefined);
    }
    await serve(world.createSessions({ ...store, secret: [one, two] }));
    expect((await get({ cookie: browser.cookieHeader() })).body).toBe("absent");
  });

  it("BF-09 a form of somebody else's site: 403; its own page: 200", async () => {
    const browser = await world.enter(sessions);
    const cookie = browser.cookieHeader();
    const fromElsewhere = { cookie, "sec-fetch-site": "cross-site", "content-type": "text/plain" };
    expect((await get(fromElsewhere, "POST")).status).toBe(403);
    expect((await get({ cookie, "sec-fetch-site": "same-origin" }, "POST")).status).toBe(200);
  });
});

describe("F44", () => {
  it("a Cookie header beyond what Node takes: 431, and the next request is answered", async () => {
    await serve(world.createSessions());
    expect((await get({ cookie: `${sid}=${"x".repeat(20_000)}` })).status).toBe(431);
    expect((await get({ cookie: createBrowser([[sid, "x"]]).cookieHeader() })).status).toBe(200);
  });
});
