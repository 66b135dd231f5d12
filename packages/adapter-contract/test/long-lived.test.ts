import { once } from "node:events";
import { request as ask } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import { createCloudbaseAuth, fromCookie, fromHeader } from "@cloudbase-auth/core";
import type { CloudbaseAuth, Watch } from "@cloudbase-auth/core";
import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { longLivedApps } from "./support/long-lived-apps.ts";
import { until } from "./support/until.ts";
import type { RunningServer } from "../src/contract-app.ts";

const origin = "https://app.example";
let emulator: Emulator;
let token: string;

beforeAll(async () => {
  emulator = await createEmulator({ envId: "demo" });
  token = await emulator.issueToken({ sub: "1001" });
});
afterAll(() => emulator.close());

describe.each(longLivedApps)("$name", ({ start }) => {
  let server: RunningServer;
  let auth: CloudbaseAuth;
  let watches: Watch[];
  let left: Watch[];
  let behindMs: number;

  beforeEach(async () => {
    behindMs = 0;
    [watches, left] = [[], []];
    auth = createCloudbaseAuth({
      ...{ envId: "demo", endpoint: emulator.endpoint, onWarning: () => undefined },
      credentials: [fromHeader(), fromCookie("sid", { origins: [origin] })],
      now: () => Date.now() + behindMs,
    });
    server = await start({ auth, watches, left, options: { origins: [origin] } });
  });
  afterEach(async () => {
    await server.close();
    await auth.close();
  });

  /** Puts the clock forward; the watches look at it within a minute, and with every revocation. */
  async function advance(): Promise<void> {
    behindMs += 86_400_000;
    await auth.revokeUser("somebody-else");
  }

  describe("an event stream", () => {
    async function listenIn(): Promise<{ request: ClientRequest; text: () => string; ended: Promise<unknown> }> {
      const headers = { authorization: `Bearer ${token}` };
      const request = ask({ port: server.port, path: "/events", headers }).end();
      const [response] = (await once(request, "response")) as [IncomingMessage];
      expect([response.statusCode, response.headers["content-type"]]).toEqual([200, "text/event-stream"]);
      let received = "";
      response.on("data", (chunk: Buffer) => (received += chunk.toString()));
      const ended = once(response, "end");
      await until(
        () => received,
        (text) => text === "data: hello 1001\n\n",
      );
      return { request, text: () => received, ended };
    }

    it("ends when the token expires", async () => {
      const { text, ended } = await listenIn();
      await advance();
      await ended;
      expect(text()).toBe("data: hello 1001\n\nevent: over\ndata:\n\n");
      expect(watches[0]?.signal.reason).toMatchObject({ code: "invalid_token", reason: "expired" });
    });

    it("ends when the user is revoked", async () => {
      const { text, ended } = await listenIn();
      await auth.revokeUser("1001");
      await ended;
      expect(text()).toBe("data: hello 1001\n\nevent: over\ndata:\n\n");
      expect(watches[0]?.signal.reason).toMatchObject({ code: "invalid_token", reason: "revoked" });
    });

    it("that the client leaves is watched no more", async () => {
      const { request, ended } = await listenIn();
      const gone = ended.catch(() => undefined);
      request.destroy();
      await gone;
      await until(
        () => left.length,
        (length) => length === 1,
      );
      await auth.revokeUser("1001");
      await new Promise((resolve) => void setImmediate(resolve));
      expect(watches.map(({ signal }) => signal.aborted)).toEqual([false]);
    });

    it("is for signed-in users", async () => {
      const response = await fetch(`http://127.0.0.1:${String(server.port)}/events`);
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toBe('Bearer realm="cloudbase"');
      expect(watches).toEqual([]);
    });
  });

  describe("a WebSocket", () => {
    const connect = (protocols: string[], headers: Record<string, string> = {}): WebSocket =>
      new WebSocket(`ws://127.0.0.1:${String(server.port)}/`, protocols, { headers });
    const heard = async (client: WebSocket): Promise<string> => String((await once(client, "message"))[0]);

    async function closing(client: WebSocket): Promise<string> {
      const [code, reason] = (await once(client, "close")) as [number, Buffer];
      return `${String(code)} ${reason.toString()}`;
    }

    async function refusal(client: WebSocket): Promise<readonly [number | undefined, string | undefined]> {
      const [, response] = (await once(client, "unexpected-response")) as [unknown, IncomingMessage];
      client.on("error", () => undefined);
      client.terminate();
      return [response.statusCode, response.headers["www-authenticate"]?.slice(0, 46)];
    }

    it("is opened by header, by subprotocol, and by a cookie from the right origin", async () => {
      const clients = [
        connect([], { authorization: `Bearer ${token}` }),
        connect(["bearer", token]),
        connect([], { cookie: `sid=${token}`, origin }),
      ];
      expect(await Promise.all(clients.map(heard))).toEqual(["hello 1001", "hello 1001", "hello 1001"]);
      expect(clients.map(({ protocol }) => protocol)).toEqual(["", "bearer", ""]);
      for (const client of clients) client.terminate();
    });

    it("is refused to everybody else, with status and challenge", async () => {
      const anonymous = await emulator.issueToken({ sub: "1002", scope: "anonymous" });
      const clients = {
        nobody: connect([]),
        forged: connect(["bearer", `${token}A`]),
        "an anonymous user": connect(["bearer", anonymous]),
        "the wrong origin": connect([], { cookie: `sid=${token}`, origin: "https://evil.example" }),
        "two methods": connect(["bearer", token], { authorization: `Bearer ${token}` }),
      };
      const answers = await Promise.all(
        Object.entries(clients).map(async ([who, client]) => [who, ...(await refusal(client))]),
      );
      expect(answers).toEqual([
        ["nobody", 401, 'Bearer realm="cloudbase"'],
        ["forged", 401, 'Bearer realm="cloudbase", error="invalid_token'],
        ["an anonymous user", 403, 'Bearer realm="cloudbase", error="insufficient_'],
        ["the wrong origin", 403, undefined],
        ["two methods", 400, 'Bearer realm="cloudbase", error="invalid_reque'],
      ]);
      expect(watches).toEqual([]);
    });

    it("is closed with 4401 at expiry", async () => {
      const client = connect(["bearer", token]);
      const closed = closing(client);
      expect(await heard(client)).toBe("hello 1001");
      await advance();
      expect(await closed).toBe("4401 expired");
    });

    it("goes on with a new token and is closed with 4401 at its revocation", async () => {
      const client = connect(["bearer", token]);
      await heard(client);
      client.send("garbage");
      expect(await heard(client)).toBe("invalid_token");
      client.send(await emulator.issueToken({ sub: "somebody-else" }));
      expect(await heard(client)).toBe("invalid_token");
      const fresh = await emulator.issueToken({ sub: "1001", n: 1 });
      client.send(fresh);
      expect(await heard(client)).toBe("extended");
      await auth.revoke(token);
      client.send(fresh);
      expect(await heard(client)).toBe("extended");
      const closed = closing(client);
      await auth.revoke(fresh);
      expect(await closed).toBe("4401 revoked");
    });
  });
});
