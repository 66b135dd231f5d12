import { generateKeyPairSync } from "node:crypto";
import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { call, refusal, signIn, text, tokens, verify } from "./support/api.ts";

const running = new Set<Emulator>();
afterEach(async () => {
  await Promise.all([...running].map((emulator) => emulator.close()));
  running.clear();
});

async function start(options: Partial<Parameters<typeof createEmulator>[0]> = {}): Promise<Emulator> {
  const emulator = await createEmulator({ envId: "demo", ...options });
  running.add(emulator);
  return emulator;
}

const users = [{ username: "lihua", email: "li@example.com", password: "secret", groups: ["admin"] }];
const me = async (emulator: Emulator, bearer: string) => (await call(emulator, "GET /user/me", { bearer })).status;
const refreshed = (emulator: Emulator, refreshToken: string) =>
  call(emulator, "POST /token", { body: { grant_type: "refresh_token", refresh_token: refreshToken } });

describe("export and import", () => {
  it("keep tokens, refresh tokens, passwords, revocations and deletions, through JSON", async () => {
    const one = await start({ users, issuer: "https://issuer.example" });
    const kept = await signIn(one, "lihua", "secret");
    const used = tokens(await refreshed(one, kept.refresh));
    const revoked = await signIn(one, "lihua", "secret");
    await call(one, "POST /revoke", { body: { token: revoked.access } });
    const signedOut = await signIn(one, "lihua", "secret");
    await call(one, "POST /user/signout", { bearer: signedOut.access });
    const ticket = await verify(one, "+86 13800000000");
    const signedUp = await call(one, "POST /signup", {
      body: { phone_number: "+86 13800000000", verification_token: ticket, password: "other" },
    });
    const gone = tokens(signedUp);
    await call(one, "DELETE /user/me", { bearer: gone.access });
    const state: unknown = JSON.parse(JSON.stringify(one.export()));
    await one.close();

    const two = await start({ import: state, issuer: "https://issuer.example" });
    expect(two.export()).toEqual(state);
    expect(await me(two, kept.access)).toBe(200);
    expect(await me(two, revoked.access)).toBe(401);
    expect(await me(two, signedOut.access)).toBe(401);
    expect(await me(two, gone.access)).toBe(401);
    expect(refusal(await refreshed(two, kept.refresh))).toBe("400 invalid_grant");
    expect(refusal(await refreshed(two, signedOut.refresh))).toBe("400 invalid_grant");
    expect(tokens(await refreshed(two, used.refresh)).sub).toBe(kept.sub);
    expect((await signIn(two, "LI@example.com", "secret")).sub).toBe(kept.sub);
    const wrongPassword = { username: "lihua", password: "wrong" };
    expect(refusal(await call(two, "POST /signin", { body: wrongPassword }))).toBe("400 invalid_password");

    const keySet = createRemoteJWKSet(new URL(`${two.endpoint}/auth/v1/certs`));
    await jwtVerify(kept.access, keySet, { issuer: "https://issuer.example", audience: "demo" });
  });

  it("keep tokens working where the emulator moves to another port", async () => {
    const one = await start({ users });
    const { access } = await signIn(one, "lihua", "secret");
    const two = await start();
    expect(await me(two, access)).toBe(401);
    await two.import(one.export());
    expect(await me(two, access)).toBe(200);
    expect((await call(two, "GET /certs")).body).toEqual((await call(one, "GET /certs")).body);
    expect(await me(one, (await signIn(two, "lihua", "secret")).access)).toBe(401);
  });

  it("replace what was there", async () => {
    const one = await start({ users });
    const other = await start({ users: [{ username: "wang", password: "secret" }] });
    const before = await signIn(other, "wang", "secret");
    await other.import({ ...one.export(), keys: [] });
    expect(await me(other, before.access)).toBe(401);
    expect(refusal(await call(other, "POST /signin", { body: { username: "wang", password: "secret" } }))).toBe(
      "404 not_found",
    );
    await signIn(other, "lihua", "secret");
  });

  it("take what a person writes", async () => {
    const emulator = await start({
      import: { version: 1, users: [{ username: "lihua", password: "secret" }, { email: "a@example.com" }] },
      users: [
        { username: "lihua", password: "ignored" },
        { username: "wang", password: "mine" },
      ],
    });
    await signIn(emulator, "lihua", "secret");
    await signIn(emulator, "wang", "mine");
    expect(emulator.export().users.map(({ email }) => email)).toContain("a@example.com");
  });

  let shared: Promise<Emulator> | undefined;
  afterAll(async () => (await shared)?.close());
  const small = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
  const pkcs8 = small.export({ type: "pkcs8", format: "pem" }).toString();
  const user = { username: "lihua" };
  const session = { sub: "1", clientId: "demo", providerType: "username" };
  it.each<[unknown, string]>([
    [null, "state: the whole must be a JSON object."],
    [[], "state: the whole must be a JSON object."],
    [{}, "state: version must be 1, the version that this emulator reads."],
    [{ version: 2 }, "state: version must be 1, the version that this emulator reads."],
    [{ version: 1, envId: "other" }, 'state: envId is another environment than this emulator\'s "demo".'],
    [{ version: 1, user: [] }, "state: user is not known here."],
    [{ version: 1, users: {} }, "state: users must be an array."],
    [{ version: 1, users: [1] }, "state: users[0] must be a JSON object."],
    [{ version: 1, users: [{}] }, "state: users[0] needs a username, an email or a phoneNumber."],
    [{ version: 1, users: [{ usrname: "x" }] }, "state: users[0].usrname is not known here."],
    [{ version: 1, users: [{ username: 1 }] }, "state: users[0].username must be a string that is not empty."],
    [{ version: 1, users: [{ email: "x" }] }, "state: users[0].email must be an e-mail address."],
    [{ version: 1, users: [{ phoneNumber: "1" }] }, 'state: users[0].phoneNumber must look like "+86 13800000000".'],
    [
      { version: 1, users: [{ ...user, createdAt: "x" }] },
      "state: users[0].createdAt must be a time in epoch milliseconds.",
    ],
    [
      { version: 1, users: [{ ...user, groups: [1] }] },
      "state: users[0].groups[0] must be a string that is not empty.",
    ],
    [{ version: 1, users: [{ ...user, password: {} }] }, "state: users[0].password.algorithm is missing."],
    [
      { version: 1, users: [{ ...user, password: { algorithm: "scrypt", salt: "AA", hash: "AA" } }] },
      "state: users[0].password.hash must be 32 bytes in base64url.",
    ],
    [{ version: 1, users: [user, user] }, "state: users[1] has a login or sub that an earlier user has."],
    [{ version: 1, keys: [{ kid: "a", pkcs8: "x" }] }, "state: keys[0].pkcs8 must be a PKCS #8 private key in PEM."],
    [{ version: 1, keys: [{ kid: "a", pkcs8 }] }, "state: keys[0].pkcs8 must be an RSA key of 2048 bits or more."],
    [{ version: 1, keys: [{ kid: "a" }] }, "state: keys[0].pkcs8 is missing."],
    [
      { version: 1, sessions: [{ ...session, providerType: "x" }] },
      "state: sessions[0].providerType must be username, phone or email.",
    ],
    [
      { version: 1, sessions: [{ ...session, refresh: { atHash: "x" } }] },
      "state: sessions[0].refresh.expiresAt is missing.",
    ],
    [{ version: 1, sessions: [{ ...session, revoked: "no" }] }, "state: sessions[0].revoked must be true or false."],
    [{ version: 1, revokedTokens: "x" }, "state: revokedTokens must be an array."],
  ])("refuse %j in a sentence and change nothing", async (state, sentence) => {
    const emulator = await (shared ??= createEmulator({ envId: "demo", users }));
    const before = emulator.export();
    await expect(emulator.import(state)).rejects.toThrow(new TypeError(sentence));
    await expect(createEmulator({ envId: "demo", import: state ?? 0 })).rejects.toThrow(TypeError);
    const answer = await call(emulator, "PUT /emulator/state", { body: JSON.stringify(state) });
    expect(refusal(answer)).toBe("400 invalid_argument");
    expect(emulator.export()).toEqual(before);
  });

  it("go over HTTP", async () => {
    const one = await start({ users });
    const { access } = await signIn(one, "lihua", "secret");
    const state = await call(one, "GET /emulator/state");
    const two = await start();
    const padded = JSON.stringify(state.body) + " ".repeat(2 * 1024 * 1024);
    expect((await call(two, "PUT /emulator/state", { body: padded })).body).toEqual({});
    expect(await me(two, access)).toBe(200);
  });
});

describe("reset", () => {
  it("goes back to the beginning; the keys stay", async () => {
    const emulator = await start({ users });
    const before = await signIn(emulator, "lihua", "secret");
    const made = await emulator.issueToken();
    await verify(emulator, "+86 13800000000");
    const { keys } = emulator.export();
    emulator.failNext("/auth/v1/certs", { kind: "hang" });
    emulator.clock.advance(100);
    await emulator.reset();

    expect(emulator.inbox.messages()).toEqual([]);
    expect(emulator.requests.entries()).toEqual([]);
    expect(Math.abs(emulator.clock.now() - Date.now())).toBeLessThan(10_000);
    expect(emulator.export()).toMatchObject({ keys, sessions: [], users: [{ username: "lihua" }] });
    expect(await me(emulator, made)).toBe(200);
    expect(await me(emulator, before.access)).toBe(401);
    expect(refusal(await refreshed(emulator, before.refresh))).toBe("400 invalid_grant");
    await signIn(emulator, "lihua", "secret");
  });

  it("makes new keys when asked, over HTTP too", async () => {
    const emulator = await start();
    const made = await emulator.issueToken();
    await emulator.reset({ keys: true });
    expect(await me(emulator, made)).toBe(401);
    const again = await emulator.issueToken();
    await call(emulator, "POST /emulator/reset");
    expect(await me(emulator, again)).toBe(200);
    await call(emulator, "POST /emulator/reset", { body: { keys: true } });
    expect(await me(emulator, again)).toBe(401);
  });

  it("begins with the import again", async () => {
    const one = await start({ users });
    const { access, sub } = await signIn(one, "lihua", "secret");
    const two = await start({ import: one.export() });
    await call(two, "DELETE /user/me", { bearer: access });
    expect(await me(two, access)).toBe(401);
    await two.reset();
    expect(await me(two, access)).toBe(200);
    expect(text(await call(two, "GET /user/me", { bearer: access }), "sub")).toBe(sub);
  });
});
