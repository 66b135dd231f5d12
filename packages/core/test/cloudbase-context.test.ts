import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { createEmulator } from "@cloudbase-auth/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCloudbaseAuth, fromCloudbaseContext, fromHeader } from "../src/index.ts";
import type { AuthResult, CloudbaseAuth, WarningEvent } from "../src/index.ts";
import { expectInvalidRequest, expectInvalidToken, useHarness } from "./support/harness.ts";
import { issue, nowSeconds, userClaims } from "./support/tokens.ts";

const token = issue();
const context = {
  envId: "demo",
  uin: "100000000001",
  source: "gateway",
  serviceName: "shop",
  serviceVersion: "shop-001",
  authMethod: "TCB_OAUTH2_C",
  userType: "C_SIDE_USER",
  userId: userClaims.sub,
  accessToken: token,
};
const pack = (text: string | Buffer): string => gzipSync(text).toString("base64");
const packed = (changes: object = {}): string => pack(JSON.stringify({ ...context, ...changes }));

const warnings: WarningEvent[] = [];
const gateway = useHarness({ credentials: [fromCloudbaseContext()], onWarning: (event) => void warnings.push(event) });
const both = useHarness({ credentials: [fromHeader(), fromCloudbaseContext()] });
const plain = useHarness();

const ask = async (
  header: string | string[],
  headers: Record<string, string> = {},
  auth: CloudbaseAuth = gateway.auth,
): Promise<AuthResult> => auth.authenticate({ headers: { "x-cloudbase-context": header, ...headers } });

describe("the access token in the context is verified as any other", () => {
  it("a good one says who it is, synchronously once the keys are there", async () => {
    const result = gateway.auth.authenticate({ headers: { "x-cloudbase-context": packed() } });
    expect(result).not.toBeInstanceOf(Promise);
    expect(await result).toMatchObject({
      user: { id: userClaims.sub },
      auth: { state: "authenticated", verifiedBy: "signature", environment: "demo" },
    });
  });

  it.each<[string, () => string, Parameters<typeof expectInvalidToken>[1]]>([
    ["expired", () => issue({ exp: nowSeconds - 60, iat: nowSeconds - 90 }), "expired"],
    ["forged", () => `${token.slice(0, -8)}AAAAAAAA`, "signature"],
    ["of another issuer", () => issue({ iss: "https://elsewhere.example" }), "issuer"],
    ["for somebody else", () => issue({ aud: "other" }), "audience"],
    ["no token", () => "administrator", "malformed"],
  ])("%s: what the context says of the user beside it counts for nothing", async (_title, make, reason) => {
    const changes = { accessToken: make(), isAdministrator: true, userId: "1", serviceAccessToken: token };
    expectInvalidToken(await ask(packed(changes)), reason);
  });

  it.each<[string, object]>([
    ["nobody", { accessToken: undefined, authMethod: "UNAUTHORIZED", userType: "NONE", userId: undefined }],
    ["a user id alone", { accessToken: undefined }],
    ["an empty token", { accessToken: "" }],
    ["a token of the service", { accessToken: undefined, serviceAccessToken: token, isAdministrator: true }],
    ["WeChat's identity", { accessToken: undefined, wechatContext: { openId: "o1", unionId: "u1", appId: "wx1" } }],
  ])("%s is nothing presented", async (_title, changes) => {
    expect((await ask(packed(changes))).auth.state).toBe("absent");
  });

  it("without the header nothing is presented, and an Authorization header is not looked at", async () => {
    const authorization = `Bearer ${token}`;
    expect((await gateway.auth.authenticate({ headers: { authorization } })).auth.state).toBe("absent");
  });

  it("RFC 6750 §2: beside an Authorization header it is a second method, where both are taken", async () => {
    expectInvalidRequest(await ask(packed(), { authorization: `Bearer ${token}` }, both.auth), "several_methods");
    expect((await ask(packed(), {}, both.auth)).auth.state).toBe("authenticated");
  });
});

describe("refused", () => {
  const good = packed();
  const json = JSON.stringify(context);
  const bomb = pack(Buffer.alloc(64 * 1_048_576, 0x20));

  it.each<[string, string]>([
    ["an empty header", ""],
    ["plain base64 of JSON", Buffer.from(json).toString("base64")],
    ["JSON", "{}"],
    ["base64url", gzipSync(json).toString("base64url")],
    [
      "base64 without its padding",
      packed({ source: "" }).replace(/=+$/, "") + (packed({ source: "" }).endsWith("=") ? "" : "A"),
    ],
    ["a space in it", `${good.slice(0, 8)} ${good.slice(9)}`],
    ["bits that are not zero at its end", dirtyEnd()],
    ["a token alone", token],
    ["gzip cut off", pack(json).slice(0, 400)],
    ["gzip with a wrong checksum", wrongChecksum()],
    ["two documents", Buffer.concat([gzipSync(json), gzipSync(json)]).toString("base64")],
    ["64 MiB in 87 KiB", bomb],
    ["17 KiB in a few hundred bytes", pack(json.padEnd(17_000, " "))],
    ["a good one behind a comment of 12 KiB", commented(12_288)],
    ["16 KiB of noise", Buffer.alloc(12_288, 7).toString("base64")],
    ["no JSON", pack("accessToken")],
    ["a list", pack(JSON.stringify([context]))],
    ["null", pack("null")],
    ["a byte order mark", pack(`\u{feff}${json}`)],
    ["bytes that are no UTF-8", pack(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))],
    ["a name twice", pack(json.replace("{", `{"accessToken":"${issue({ sub: "first" })}",`))],
    ["nine levels", pack(`{"a":${"[".repeat(8)}${"]".repeat(8)}}`)],
    ["201 members", pack(JSON.stringify(Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`m${n}`, n]))))],
    ["a token that is a number", packed({ accessToken: 1 })],
    ["a token that is an object", packed({ accessToken: { token } })],
    ["a token that is null", packed({ accessToken: null })],
  ])("%s", async (_title, header) => {
    expectInvalidRequest(await ask(header), "malformed_header");
  });

  it.each<[string, object]>([
    ["two lines, as Node joins them", { headers: { "x-cloudbase-context": `${good}, ${good}` } }],
    ["two lines as a list", { headers: { "x-cloudbase-context": [good, good] } }],
    [
      "two lines of which one was kept",
      {
        headers: { "x-cloudbase-context": good },
        rawHeaders: ["X-Cloudbase-Context", good, "X-CLOUDBASE-CONTEXT", good],
      },
    ],
  ])("repeated: %s", async (_title, request) => {
    const result = await gateway.auth.authenticate(request as { headers: Record<string, string> });
    expectInvalidRequest(result, "repeated_header");
  });

  it("a bomb costs a few milliseconds at most, and not its size in memory", () => {
    const { read } = fromCloudbaseContext();
    // Small enough for the header's limit: 8 MiB in 11 KiB.
    const header = pack(Buffer.alloc(8 * 1_048_576, 0x20));
    expect(header.length).toBeLessThan(16_384);
    const times = Array.from({ length: 50 }, () => {
      const begun = performance.now();
      expect(read({ headers: { "x-cloudbase-context": header } }).kind).toBe("refused");
      return performance.now() - begun;
    });
    expect(Math.min(...times)).toBeLessThan(5);
  });

  function dirtyEnd(): string {
    // Lengths of which one leaves bits over.
    for (let size = 1; size < 4; size += 1) {
      const header = packed({ source: "x".repeat(size) });
      const end = header.search(/=*$/);
      const letter = { "==": "B", "=": "B", "": "" }[header.slice(end)] ?? "";
      if (letter !== "") return header.slice(0, end - 1) + nextLetter(header.charAt(end - 1)) + header.slice(end);
    }
    throw new Error("no length leaves bits over");
  }

  /** RFC 1952 §2.3.1: the flag FCOMMENT, and the comment behind ten bytes of header. */
  function commented(length: number): string {
    const bytes = gzipSync(json);
    bytes[3] = 0x10;
    const comment = Buffer.concat([Buffer.alloc(length, 0x20), Buffer.alloc(1)]);
    return Buffer.concat([bytes.subarray(0, 10), comment, bytes.subarray(10)]).toString("base64");
  }

  it("a comment that fits is only a comment", async () => {
    expect((await ask(commented(100))).auth.state).toBe("authenticated");
  });

  function nextLetter(letter: string): string {
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    return letters.charAt(letters.indexOf(letter) + 1);
  }

  function wrongChecksum(): string {
    const bytes = gzipSync(json);
    bytes[bytes.length - 6] = (bytes[bytes.length - 6] ?? 0) ^ 1;
    return bytes.toString("base64");
  }
});

it("nothing of the context gets into a result, an error, a warning or the status", async () => {
  const secret = "sentinel-of-a-temporary-secret";
  const tmpSecret = { secretId: `${secret}-id`, secretKey: secret, token: `${secret}-token` };
  for (const header of [
    packed({ tmpSecret }),
    packed({ tmpSecret, accessToken: "bad" }),
    packed({ tmpSecret }).slice(4),
  ]) {
    const result = await ask(header);
    const seen = inspect([result, gateway.auth.status(), warnings], { depth: 20, showHidden: true });
    expect(seen).not.toContain(secret);
    expect(seen).not.toContain(header.slice(20, 60));
  }
});

describe("identity from outside is believed by nobody who does not ask for it", () => {
  const claimed: Record<string, string> = {
    "x-cloudbase-context": packed(),
    "x-cloudbase-credentials": token,
    "x-cloudbase-user": userClaims.sub,
    "x-cloudbase-userid": userClaims.sub,
    "x-cloudbase-uid": userClaims.sub,
    "x-cb-uid": userClaims.sub,
    "x-cb-user": userClaims.sub,
    "x-wx-openid": "o-admin",
    "x-wx-unionid": "u-admin",
    "x-wx-from-openid": "o-admin",
    "x-wx-appid": "wx1",
    "x-wx-source": "wx_client",
    "x-authmethod": "WX_SERVER_AUTH",
    "x-tcb-integration-id": "1",
    "tcb-uuid": userClaims.sub,
    "x-user-id": userClaims.sub,
    "x-forwarded-user": userClaims.sub,
    "x-authenticated-userid": userClaims.sub,
    "x-access-token": token,
    "x-authorization": `Bearer ${token}`,
    "proxy-authorization": `Bearer ${token}`,
  };

  it.each(Object.entries(claimed))("%s presents nothing", async (name, value) => {
    expect(await plain.auth.authenticate({ headers: { [name]: value } })).toMatchObject({
      auth: { state: "absent" },
      user: undefined,
    });
  });

  it("all of them together change nothing of what a token says", async () => {
    const own = issue({ sub: "somebody", scope: "anonymous" });
    const bare = await plain.headers(`Bearer ${own}`);
    const dressed = await plain.auth.authenticate({ headers: { ...claimed, authorization: `Bearer ${own}` } });
    expect(JSON.stringify(dressed)).toBe(JSON.stringify(bare));
    expect(dressed.user).toMatchObject({ id: "somebody", isAnonymous: true });
    expect(dressed.user?.openId).toBeUndefined();
  });

  it("and behind the gateway only the token of the context is", async () => {
    const { "x-cloudbase-context": _context, ...others } = claimed;
    expect((await gateway.auth.authenticate({ headers: others })).auth.state).toBe("absent");
    const own = packed({ accessToken: issue({ sub: "somebody" }) });
    expect((await ask(own, others)).user).toMatchObject({ id: "somebody" });
  });
});

describe("over HTTP, with the header that the emulator's gateway makes", () => {
  const closers: (() => Promise<unknown>)[] = [];
  let url: string;
  let mint: Awaited<ReturnType<typeof createEmulator>>;

  beforeAll(async () => {
    mint = await createEmulator({ envId: "demo" });
    const auth = createCloudbaseAuth({
      envId: "demo",
      endpoint: mint.endpoint,
      credentials: [fromCloudbaseContext()],
    });
    const server = createServer((request, response) => {
      void (async () => {
        const result = await auth.authenticate(request);
        const refusal = await auth.authorize(result);
        if (refusal) response.writeHead(refusal.status, refusal.headers).end(refusal.code);
        else response.end(result.user?.id);
      })();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
    closers.push(
      () => auth.close(),
      () => mint.close(),
    );
    closers.push(() => new Promise((resolve) => server.close(resolve)));
  });
  afterAll(async () => {
    for (const close of closers) await close();
  });

  const get = async (headers: Headers | Record<string, string>): Promise<string> => {
    const response = await fetch(url, { headers });
    return `${String(response.status)} ${await response.text()}`;
  };

  it("its user passes; nobody's context is 401, and so is none", async () => {
    const accessToken = await mint.issueToken({ sub: "1001" });
    expect(await get({ "x-cloudbase-context": await mint.cloudbaseContext({ accessToken }) })).toBe("200 1001");
    expect(await get({ "x-cloudbase-context": await mint.cloudbaseContext() })).toBe("401 missing_token");
    expect(await get({})).toBe("401 missing_token");
  });

  it("two headers, or a header that a client made up, are refused", async () => {
    const accessToken = await mint.issueToken({ sub: "1001" });
    const header = await mint.cloudbaseContext({ accessToken });
    const twice = new Headers({ "x-cloudbase-context": header });
    twice.append("x-cloudbase-context", header);
    expect(await get(twice)).toBe("400 invalid_request");
    expect(await get({ "x-cloudbase-context": packed({ userId: "1001", isAdministrator: true }) })).toMatch(/^401 /);
    expect(await get({ "x-cloudbase-context": "e30=" })).toBe("400 invalid_request");
  });
});
