import { once } from "node:events";
import { connect } from "node:net";
import { WebSocket as UndiciWebSocket } from "undici";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createCloudbaseAuth, fromCookie, fromHeader, fromQuery } from "../src/index.ts";
import type { CloudbaseAuth, UpgradeOptions } from "../src/index.ts";
import { errorCatalogue } from "../src/words/error-catalogue.ts";
import { active, introspectPath, startAuthServer } from "./support/auth-server.ts";
import type { AuthServer } from "./support/auth-server.ts";
import { ask, closing, handshake, open, startSocketServer } from "./support/socket-server.ts";
import type { SocketServer } from "./support/socket-server.ts";
import { issue, nowSeconds, userClaims } from "./support/tokens.ts";

let server: AuthServer;
let nowMs: number;
const opened: { close(): Promise<void> }[] = [];
const token = issue();

beforeEach(async () => {
  server = await startAuthServer();
  nowMs = nowSeconds * 1_000;
});
afterEach(async () => {
  vi.useRealTimers();
  for (const part of opened.splice(0)) await part.close();
  await server.close();
});

async function create(options: object = {}): Promise<CloudbaseAuth> {
  const base = { envId: "demo", endpoint: server.endpoint, now: () => nowMs, onWarning: () => undefined };
  const auth = createCloudbaseAuth({ ...base, ...options });
  opened.unshift(auth);
  return auth;
}

async function start(auth: CloudbaseAuth, options?: UpgradeOptions): Promise<SocketServer> {
  const sockets = await startSocketServer(auth, options);
  opened.unshift(sockets);
  return sockets;
}

const bearer = (value: string): { readonly headers: Record<string, string> } => ({
  headers: { authorization: `Bearer ${value}` },
});

describe("a token is presented", () => {
  it("in the Authorization header", async () => {
    const sockets = await start(await create());
    const client = await open(sockets, [], bearer(token));
    expect(client.protocol).toBe("");
    expect(sockets.upgrades[0]).toMatchObject({ error: undefined, user: { id: userClaims.sub }, protocol: undefined });
    expect(Object.isFrozen(sockets.upgrades[0])).toBe(true);
    client.terminate();
  });

  it.each([
    [["bearer", token], "bearer"],
    [["chat", "bearer", token], "chat"],
    [["chat", "superchat", "bearer", token], "chat"],
    [["bearer", token, "chat"], "bearer"],
  ])("as a subprotocol (RFC 6455 §11.3.4), answered by one that is not the token: %#", async (protocols, answered) => {
    const sockets = await start(await create());
    const client = await open(sockets, protocols);
    expect(client.protocol).toBe(answered);
    expect(sockets.upgrades[0]).toMatchObject({ user: { id: userClaims.sub }, protocol: answered });
    client.terminate();
  });

  it("so that the WebSocket of browsers takes the answer", async () => {
    const sockets = await start(await create());
    const client = new UndiciWebSocket(`ws://127.0.0.1:${String(sockets.port)}/`, ["bearer", token]);
    await new Promise((resolve) => client.addEventListener("message", resolve));
    expect(client.protocol).toBe("bearer");
    client.close();
  });

  it("in several lines of the header, which are one list", async () => {
    const sockets = await start(await create());
    const socket = connect(sockets.port, "127.0.0.1");
    socket.write(handshake(["Sec-WebSocket-Protocol: bearer", `Sec-WebSocket-Protocol: ${token}`]));
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toContain("Sec-WebSocket-Protocol: bearer\r\n");
    expect(answer.toString()).not.toContain(token.slice(0, 20));
    socket.destroy();
  });

  it("in the query, where the instance takes it there", async () => {
    const auth = await create({ credentials: [fromHeader(), fromQuery()] });
    const upgrade = await auth.authenticateUpgrade(
      { headers: {}, url: `/?access_token=${token}`, method: "GET" },
      { origins: [] },
    );
    expect(upgrade).toMatchObject({ error: undefined, user: { id: userClaims.sub } });
    const refused = await auth.authenticateUpgrade({ headers: {}, url: "/?access_token=abc" }, { origins: [] });
    expect(refused.error?.headers).toMatchObject({ "Cache-Control": "no-store" });
  });
});

describe("a cookie counts with an Origin of the list, letter by letter", () => {
  const origins = ["https://app.example"];
  const credentials = [fromHeader(), fromCookie("sid", { origins: [] })];
  const cookie = `Cookie: sid=${token}`;

  it("and opens", async () => {
    const sockets = await start(await create({ credentials }), { origins });
    const client = await open(sockets, [], { headers: { cookie: `sid=${token}`, origin: "https://app.example" } });
    expect(sockets.upgrades[0]).toMatchObject({ user: { id: userClaims.sub } });
    client.terminate();
  });

  it.each<[string, readonly string[]]>([
    ["another site", ["Origin: https://evil.example"]],
    ["none", []],
    ["null", ["Origin: null"]],
    ["another scheme", ["Origin: http://app.example"]],
    ["another port", ["Origin: https://app.example:8443"]],
    ["a longer name", ["Origin: https://app.example.evil.example"]],
    ["a subdomain", ["Origin: https://x.app.example"]],
    ["other letters", ["Origin: https://APP.example"]],
    ["a path", ["Origin: https://app.example/"]],
    ["two", ["Origin: https://app.example", "Origin: https://evil.example"]],
    ["two of the list", ["Origin: https://app.example", "Origin: https://app.example"]],
    ["same-origin by its own word", ["Origin: https://evil.example", "Sec-Fetch-Site: same-origin"]],
  ])("Origin: %s", async (_title, lines) => {
    const sockets = await start(await create({ credentials }), { origins });
    const { status, headers, body } = await ask(sockets, [cookie, ...lines]);
    expect(status).toBe(403);
    expect(headers["www-authenticate"]).toBeUndefined();
    expect(JSON.parse(body)).toMatchObject({ code: "csrf", status: 403 });
    expect(sockets.held).toHaveLength(0);
  });

  it("an empty list takes none; without a cookie nobody asks for the Origin", async () => {
    const sockets = await start(await create({ credentials }));
    expect((await ask(sockets, [cookie, "Origin: https://app.example"])).status).toBe(403);
    const client = await open(sockets, ["bearer", token], { headers: { origin: "https://elsewhere.example" } });
    client.terminate();
  });
});

describe("refused before the upgrade, on the socket itself", () => {
  const challenge = (error: string, code: "invalid_token" | "invalid_request" | "anonymous_user"): string =>
    `Bearer realm="cloudbase", error="${error}", error_description="${errorCatalogue[code].detail}"`;

  it.each<[string, readonly string[], number, string, string]>([
    ["nobody", [], 401, "missing_token", 'Bearer realm="cloudbase"'],
    ["another scheme", ["Authorization: Basic abc"], 401, "missing_token", 'Bearer realm="cloudbase"'],
    [
      "a subprotocol alone",
      ["Sec-WebSocket-Protocol: chat"],
      ...([401, "missing_token", 'Bearer realm="cloudbase"'] as const),
    ],
    [
      "a forged one",
      [`Sec-WebSocket-Protocol: bearer, ${token.slice(0, -8)}AAAAAAAA`],
      ...([401, "invalid_token", challenge("invalid_token", "invalid_token")] as const),
    ],
    [
      "garbage",
      ["Sec-WebSocket-Protocol: bearer, abc"],
      ...([401, "invalid_token", challenge("invalid_token", "invalid_token")] as const),
    ],
    [
      "bearer without anything",
      ["Sec-WebSocket-Protocol: chat, bearer"],
      ...([400, "invalid_request", challenge("invalid_request", "invalid_request")] as const),
    ],
    [
      "bearer twice",
      [`Sec-WebSocket-Protocol: bearer, ${token}, bearer, ${token}`],
      ...([400, "invalid_request", challenge("invalid_request", "invalid_request")] as const),
    ],
    [
      "header and subprotocol",
      [`Authorization: Bearer ${token}`, `Sec-WebSocket-Protocol: bearer, ${token}`],
      ...([400, "invalid_request", challenge("invalid_request", "invalid_request")] as const),
    ],
    [
      "an anonymous user",
      [`Authorization: Bearer ${issue({ scope: "anonymous" })}`],
      ...([403, "anonymous_user", challenge("insufficient_scope", "anonymous_user")] as const),
    ],
  ])("%s", async (_title, lines, status, code, authenticate) => {
    const sockets = await start(await create());
    const answer = await ask(sockets, lines);
    expect(answer.status).toBe(status);
    expect(answer.headers).toEqual({
      "www-authenticate": authenticate,
      "content-type": "application/problem+json",
      "content-language": "en",
      "content-length": String(Buffer.byteLength(answer.body)),
      connection: "close",
    });
    expect(JSON.parse(answer.body)).toMatchObject({ status, code });
    expect(answer.body).not.toContain(token.slice(0, 20));
    expect(sockets.failures).toEqual([]);
  });

  it("by the requirement, which names the scope", async () => {
    const sockets = await start(await create(), { origins: [], requirement: { scopes: ["chat"] } });
    const answer = await ask(sockets, [`Authorization: Bearer ${token}`]);
    expect(answer.status).toBe(403);
    expect(answer.headers["www-authenticate"]).toContain('error="insufficient_scope"');
    expect(answer.headers["www-authenticate"]).toContain('scope="chat"');
  });

  it("with 503 while the key set is out of reach, and never 401", async () => {
    const sockets = await start(await create({ endpoint: "http://127.0.0.1:1", issuers: userClaims.iss }));
    const answer = await ask(sockets, [`Authorization: Bearer ${token}`]);
    expect(answer.status).toBe(503);
    expect(answer.headers["retry-after"]).toMatch(/^[1-9]\d*$/);
    expect(answer.headers["www-authenticate"]).toBeUndefined();
  });

  it("in Chinese where the request asks for it", async () => {
    const sockets = await start(await create({ locale: "auto" }));
    const answer = await ask(sockets, ["Accept-Language: zh-CN"]);
    expect(answer.headers).toMatchObject({ "content-language": "zh", vary: "Accept-Language" });
    expect(JSON.parse(answer.body)).toMatchObject({ detail: errorCatalogue.missing_token.zh.detail });
  });

  it("is seen by a client of ws as an answer, with its status", async () => {
    const sockets = await start(await create());
    await expect(open(sockets, ["bearer", "abc"])).rejects.toThrow("Unexpected server response: 401");
  });
});

it("a client that goes away while it is found out who it is ends nothing but itself", async () => {
  let tellOfToken = (): void => undefined;
  server.introspection = (request, response) => {
    tellOfToken = () => active(request, response);
  };
  const sockets = await start(await create({ verification: { mode: "introspection" } }));
  const socket = connect(sockets.port, "127.0.0.1");
  socket.write(handshake([`Authorization: Bearer ${token}`]));
  await vi.waitFor(() => expect(server.count(introspectPath)).toBe(1));
  socket.resetAndDestroy();
  // Answered after the reset was seen.
  expect((await fetch(`http://127.0.0.1:${String(sockets.port)}/`)).status).toBe(426);
  tellOfToken();
  await vi.waitFor(() => expect(sockets.upgrades).toHaveLength(1));
  expect(sockets.failures).toEqual([]);
  expect(sockets.held).toEqual([]);
});

it.each<[string, UpgradeOptions, string]>([
  ["no word on origins", {} as UpgradeOptions, "authenticateUpgrade() needs origins"],
  ["nothing at all", undefined as unknown as UpgradeOptions, "authenticateUpgrade() needs origins"],
  ["a misspelt option", { origins: [], require: { groups: ["a"] } } as UpgradeOptions, 'has no option "require"'],
  ["a pattern", { origins: ["*"] }, "* is no origin"],
  ["an address", { origins: ["https://app.example/"] }, "is no origin"],
  ["a misspelt requirement", { origins: [], requirement: { scope: ["a"] } as object }, "requirement"],
])("options are checked: %s", async (_title, options, message) => {
  const auth = await create();
  await expect(auth.authenticateUpgrade({ headers: {} }, options)).rejects.toThrow(TypeError);
  await expect(auth.authenticateUpgrade({ headers: {} }, options)).rejects.toThrow(message);
});

it("what a check throws comes out as it is, for the listener to catch", async () => {
  const auth = await create();
  const check = (): never => {
    throw new Error("the database is away");
  };
  const request = { headers: { authorization: `Bearer ${issue()}` } };
  const asked = auth.authenticateUpgrade(request, { origins: [], requirement: { check } });
  await expect(asked).rejects.toThrow("the database is away");
});

describe("an open socket", () => {
  it("is closed with 4401 when the token expires, and not before", async () => {
    const begun = performance.now();
    const leftMs = 1_000;
    const startMs = (userClaims.exp + 5) * 1_000 - leftMs;
    const auth = await create({ now: () => startMs + performance.now() - begun });
    const client = await open(await start(auth), ["bearer", token]);
    expect(await closing(client)).toEqual({ code: 4401, reason: "expired" });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(leftMs - 1);
  });

  it("is closed with 4401 when the clock is advanced past the token's expiry", async () => {
    const sockets = await start(await create());
    await open(sockets, ["bearer", token]).then((first) => first.terminate());
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const client = await open(sockets, ["bearer", token]);
    const closed = closing(client);
    nowMs += 7_204_000;
    vi.advanceTimersByTime(60_000);
    expect(sockets.held[1]?.watch.signal.aborted).toBe(false);
    nowMs += 1_000;
    vi.advanceTimersByTime(1_000);
    expect(await closed).toEqual({ code: 4401, reason: "expired" });
  });

  it("is closed with 4401 when the token is revoked; another user's stays open", async () => {
    const auth = await create();
    const sockets = await start(auth);
    const [client, other] = [
      await open(sockets, ["bearer", token]),
      await open(sockets, ["bearer", issue({ sub: "other" })]),
    ];
    const closed = closing(client);
    await auth.revokeUser(userClaims.sub);
    expect(await closed).toEqual({ code: 4401, reason: "revoked" });
    other.send("still here");
    await vi.waitFor(() => expect(sockets.held[1]?.heard).toEqual(["still here"]));
    other.terminate();
  });

  it("is closed when the token was revoked during the handshake", async () => {
    const auth = await create();
    const upgrade = await auth.authenticateUpgrade({ headers: { authorization: `Bearer ${token}` } }, { origins: [] });
    if (upgrade.error) throw upgrade.error;
    await auth.revokeUser(userClaims.sub);
    const closed = await new Promise((resolve) => {
      upgrade.hold({ close: (code, reason) => resolve([code, reason]), addEventListener: () => undefined });
    });
    expect(closed).toEqual([4401, "revoked"]);
  });

  it("goes on with a new token of the same user", async () => {
    const auth = await create();
    const sockets = await start(auth);
    const client = await open(sockets, ["bearer", token]);
    const [held] = sockets.held;
    const fresh = issue({ exp: nowSeconds + 9_000 });
    expect(await held?.watch.extend(fresh)).toBeUndefined();
    await auth.revoke(token);
    client.send("still here");
    await vi.waitFor(() => expect(held?.heard).toEqual(["still here"]));
    const closed = closing(client);
    await auth.revoke(fresh);
    expect(await closed).toEqual({ code: 4401, reason: "revoked" });
  });

  it("does not go on with a token that the requirement does not allow", async () => {
    const auth = await create();
    const sockets = await start(auth, { origins: [], requirement: { groups: ["staff"] } });
    const client = await open(sockets, ["bearer", issue({ groups: ["staff"] })]);
    const [held] = sockets.held;
    expect(await held?.watch.extend(token)).toMatchObject({ code: "forbidden", reason: "group" });
    expect(await held?.watch.extend(issue({ scope: "anonymous" }))).toMatchObject({ code: "anonymous_user" });
    expect(held?.watch.user.groups).toEqual(["staff"]);
    client.terminate();
  });

  it("is ended without the other side's consent, and what it says meanwhile is known to count no more", async () => {
    const auth = await create();
    const sockets = await start(auth);
    const socket = connect(sockets.port, "127.0.0.1");
    socket.write(handshake([`Authorization: Bearer ${token}`]));
    await once(socket, "data");
    await vi.waitFor(() => expect(sockets.held).toHaveLength(1));
    const [held] = sockets.held;
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    await auth.revokeUser(userClaims.sub);
    await vi.waitFor(() => expect(held?.socket.readyState).toBe(2));
    // A text frame "hi", masked with zeros (RFC 6455 §5.2), and no answer to the closing.
    socket.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]));
    await vi.waitFor(() => expect(held?.heard).toEqual(["hi"]));
    expect(held?.watch.signal.aborted).toBe(true);
    const gone = once(socket, "close");
    vi.advanceTimersByTime(2_000);
    await gone;
  });

  it("that the client closes leaves no timer behind", async () => {
    const auth = await create();
    const sockets = await start(auth);
    const client = await open(sockets, ["bearer", token]);
    const [held] = sockets.held;
    const closed = once(held?.socket ?? client, "close");
    client.close();
    await closed;
    await auth.revokeUser(userClaims.sub);
    await new Promise((resolve) => void setImmediate(resolve));
    expect(held?.watch.signal.aborted).toBe(false);
  });
});
