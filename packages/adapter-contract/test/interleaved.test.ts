import { createAuthClient, createCloudbaseAuth } from "@cloudbase-auth/core";
import type { AuthClient, CloudbaseAuth, TokenSet } from "@cloudbase-auth/core";
import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { createMemorySessionStore, createSessions } from "@cloudbase-auth/sessions";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStage } from "../../redis/test/support/stage.ts";
import type { Stage } from "../../redis/test/support/stage.ts";
import type { RunningServer } from "../src/contract-app.ts";
import { openKeepAlive } from "./support/keep-alive.ts";
import type { KeepAlive } from "./support/keep-alive.ts";
import { sessionsApps } from "./support/sessions-apps.ts";

const people = Array.from({ length: 50 }, (_, n) => ({ phoneNumber: `+86 138${String(n).padStart(8, "0")}` }));
const rounds = 40;
const connections = 10;
const secret = "0123456789abcdefghijklmnopqrstuvwxyz";

/** One of the people, in a browser. */
interface Somebody {
  readonly id: string;
  readonly cookies: Map<string, string>;
}

let emulator: Emulator;
let client: AuthClient;
let redis: Stage;
beforeAll(async () => {
  const settings = { refreshPolicy: "family ends on reuse" } as const;
  [emulator, redis] = await Promise.all([createEmulator({ envId: "demo", users: people, settings }), openStage()]);
  client = createAuthClient({ envId: "demo", endpoint: emulator.endpoint });
});
afterAll(async () => {
  await client.close();
  await redis.close();
  await emulator.close();
});

/** By a code: a password takes long to check, as it should. */
async function signIn(phoneNumber: string): Promise<TokenSet> {
  const { verificationId } = await client.verification.send({ phoneNumber });
  const verificationCode = emulator.inbox.latest(phoneNumber) ?? "";
  const { verificationToken } = await client.verification.verify({ verificationId, verificationCode });
  return client.signIn({ verificationToken });
}

function take({ cookies }: Somebody, lines: readonly string[]): void {
  for (const line of lines) {
    const [, name = "", value = ""] = /^(__Host-[^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === "") cookies.delete(name);
    else cookies.set(name, value);
  }
}

/** Asks as somebody: the id that the server takes the sender for. */
async function askAs(somebody: Somebody, connection: KeepAlive): Promise<unknown> {
  const cookie = [...somebody.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const request = `GET /me HTTP/1.1\r\nHost: app.example\r\nCookie: ${cookie}\r\n\r\n`;
  const { status, head, body } = await connection.exchange(Buffer.from(request), false);
  take(
    somebody,
    [...head.matchAll(/^set-cookie: *(.*?)\r?$/gim)].flatMap(([, line = ""]) => line),
  );
  const said: unknown = status === 200 ? JSON.parse(body) : { status };
  return typeof said === "object" && said !== null && "user" in said ? said.user : said;
}

const kinds = ["a sealed cookie", "a store in memory", "a store in Redis"] as const;

describe.each(Object.keys(sessionsApps))("RF-05, CVE-2025-67490: 50 people, 40 requests each, on %s", (framework) => {
  test.each(kinds)("with %s: nobody is taken for another", async (kind) => {
    const now = (): number => emulator.clock.now();
    const stores =
      kind === "a store in Redis" ? await redis.openPatiently("ioredis", { prefix: framework }) : undefined;
    const auth: CloudbaseAuth = createCloudbaseAuth({
      ...{ envId: "demo", endpoint: emulator.endpoint, now, onWarning: () => undefined },
      ...(stores && { refresh: { coordinator: stores.refreshes }, revocation: { store: stores.revocations } }),
    });
    const store = stores?.sessions ?? (kind === "a store in memory" ? createMemorySessionStore() : undefined);
    const sessions = createSessions({ auth, secret, origin: "https://app.example", now, store });
    const open: { server?: RunningServer; lines: readonly KeepAlive[] } = { lines: [] };
    try {
      const { port } = (open.server = await start(framework, sessions));
      open.lines = Array.from({ length: connections }, () => openKeepAlive(port));
      const crowd = await Promise.all(
        people.map(async ({ phoneNumber }): Promise<Somebody> => {
          const tokens = await signIn(phoneNumber);
          const somebody = { id: String(tokens.sub), cookies: new Map() };
          take(somebody, await sessions.keeper.start({ headers: {} }, tokens));
          return somebody;
        }),
      );
      expect(new Set(crowd.map(({ id }) => id)).size).toBe(people.length);
      emulator.requests.clear();
      const swaps: unknown[] = [];
      for (let round = 0; round < rounds; round += 1) {
        // In the middle everybody's access token ends at once.
        if (round === rounds / 2) emulator.clock.advance(7_200);
        // Each connection carries one person after the other, and each person comes by another one each time.
        const turns = open.lines.map(async (line, at) => {
          const own = crowd.filter((_, n) => (n + round) % connections === at);
          for (const somebody of own) {
            const seen = await askAs(somebody, line);
            if (seen !== somebody.id) swaps.push(seen);
          }
        });
        await Promise.all(turns);
      }
      expect(swaps).toEqual([]);
      expect(exchanges()).toBe(people.length);
    } finally {
      for (const line of open.lines) line.close();
      await open.server?.close();
      await auth.close();
    }
  });
});

const exchanges = (): number => emulator.requests.entries().filter(({ path }) => path === "/auth/v1/token").length;

function start(framework: string, sessions: ReturnType<typeof createSessions>): Promise<RunningServer> {
  const app = sessionsApps[framework];
  if (app === undefined) throw new Error(`there is no ${framework}`);
  return app({ sessions, parsesJson: false, problemDetails: true });
}
