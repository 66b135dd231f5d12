import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { Authenticated, CloudbaseUser } from "../src/index.ts";
import { useHarness } from "./support/harness.ts";
import { issue, nowSeconds, userClaims } from "./support/tokens.ts";

const harness = useHarness();

async function signedIn(changes: object): Promise<{ auth: Authenticated; user: CloudbaseUser; token: string }> {
  const token = issue({ ...changes });
  const { auth, user } = await harness.authenticate(token);
  if (auth.state !== "authenticated" || user === undefined) throw new Error(`state is ${auth.state}`);
  return { auth, user, token };
}

describe("the user", () => {
  it("of the documented e-mail sample: empty strings are absent", async () => {
    const { user } = await signedIn({});
    expect(user).toEqual({
      id: userClaims.sub,
      isAnonymous: false,
      provider: "email",
      groups: [],
      roles: [],
      scopes: ["user", "sso"],
    });
  });

  it("with everything that the claims can have", async () => {
    const { user } = await signedIn({
      ...{ name: "Li Hua", email: "a@b.example", phone_number: "+86 13800000000", picture: "https://a.example/p.png" },
      ...{
        provider: "wx_open",
        groups: ["a", { id: "b" }, "a"],
        roles: [{ id: "r" }],
        meta: { wxOpenId: "o-1", wxUnionId: "u-1" },
      },
    });
    expect(user).toEqual({
      ...{
        id: userClaims.sub,
        isAnonymous: false,
        name: "Li Hua",
        email: "a@b.example",
        phoneNumber: "+86 13800000000",
      },
      ...{
        picture: "https://a.example/p.png",
        provider: "wx_open",
        groups: ["a", "b"],
        roles: ["r"],
        scopes: ["user", "sso"],
      },
      ...{ openId: "o-1", unionId: "u-1" },
    });
  });

  it.each([
    ["provider_sub is the openid of a WeChat login", { provider_type: "wx_open", provider_sub: "o-2" }, "o-2"],
    ["and of no other", { provider_type: "github", provider_sub: "17" }, undefined],
    ["meta comes first", { provider_type: "wechat", provider_sub: "o-2", meta: { wxOpenId: "o-1" } }, "o-1"],
    ["meta of another form", { meta: ["wxOpenId"] }, undefined],
    ["meta null", { meta: null }, undefined],
  ])("openId: %s", async (_title, changes, openId) => {
    expect((await signedIn(changes)).user.openId).toBe(openId);
  });

  it.each([
    ["null", null],
    ["a string", "admin"],
    ["an object", { id: "admin" }],
    ["numbers and nulls in the list", [1, null, true, ["admin"], {}, { id: 7 }, ""]],
  ])("groups and roles: %s gives none", async (_title, value) => {
    const { user } = await signedIn({ groups: value, roles: value });
    expect([user.groups, user.roles]).toEqual([[], []]);
  });

  it.each([
    ["scope anonymous", { scope: "anonymous" }, true],
    ["scope anonymous among others", { scope: "user anonymous" }, true],
    ["is_anonymous true, whatever the scope", { is_anonymous: true }, true],
    ["scope anonymous against is_anonymous false", { scope: "anonymous", is_anonymous: false }, true],
    ["is_anonymous of another type", { is_anonymous: "true" }, false],
    ["a scope that only contains the word", { scope: "user:anonymous Anonymous" }, false],
    ["no scope", { scope: undefined }, false],
  ])("anonymous: %s", async (_title, changes, isAnonymous) => {
    expect((await signedIn(changes)).user.isAnonymous).toBe(isAnonymous);
  });

  it("scopes: split at spaces, each once, case kept (RFC 6749 §3.3)", async () => {
    expect((await signedIn({ scope: " user  sso user SSO " })).user.scopes).toEqual(["user", "sso", "SSO"]);
  });
});

describe("auth", () => {
  it("tells how we know", async () => {
    const { auth, token } = await signedIn({});
    expect(auth).toMatchObject({
      state: "authenticated",
      verifiedBy: "signature",
      environment: "demo",
      expiresAt: (nowSeconds + 7_200) * 1_000,
      scopes: ["user", "sso"],
    });
    expect({ ...auth.claims }).toEqual(userClaims);
    expect(auth.token).toBe(token);
  });

  it("shows no token when logged, sent, spread or inspected", async () => {
    const { auth, user, token } = await signedIn({});
    const [, , signature = ""] = token.split(".");
    for (const shown of [
      JSON.stringify(auth),
      JSON.stringify(user),
      inspect(auth, { depth: 9 }),
      JSON.stringify({ ...auth }),
      Object.keys(auth).join(),
    ]) {
      expect(shown).not.toContain(signature);
      expect(shown).not.toContain("token");
      expect(shown).not.toContain("claims");
    }
  });

  it("CL-14: everything is deeply frozen and nothing pollutes", async () => {
    const changes = JSON.parse(
      '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}},"prototype":1,"aud":["demo"],"groups":[{"id":"a"}],"meta":{"__proto__":{"isAdmin":true}}}',
    ) as object;
    const { auth, user } = await signedIn(changes);
    const walk = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      expect(Object.isFrozen(value)).toBe(true);
      for (const name of Object.getOwnPropertyNames(value)) walk(Reflect.get(value, name));
    };
    walk(auth);
    walk(user);
    walk(auth.claims);
    expect(auth.claims).toBe(auth.claims);
    expect(Object.getPrototypeOf(auth.claims)).toBeNull();
    for (const name of ["__proto__", "constructor", "prototype"])
      expect(Object.getOwnPropertyNames(auth.claims)).not.toContain(name);
    expect(Reflect.get(Object.assign({}, auth.claims), "isAdmin")).toBeUndefined();
    expect(Reflect.get({}, "isAdmin")).toBeUndefined();
  });

  it("CL-14: what somebody wrote into the prototype of all objects gives nobody a right", async () => {
    const planted = {
      groups: ["admin"],
      roles: ["owner"],
      scope: "admin",
      is_anonymous: true,
      meta: { wxOpenId: "o" },
    };
    Object.assign(Object.prototype, planted);
    try {
      const { user, auth } = await signedIn({ groups: undefined, roles: undefined, scope: undefined, meta: undefined });
      expect(user).toMatchObject({ groups: [], roles: [], scopes: [], isAnonymous: false });
      expect(user.openId).toBeUndefined();
      expect(auth.claims["groups"]).toBeUndefined();
    } finally {
      for (const name of Object.keys(planted)) Reflect.deleteProperty(Object.prototype, name);
    }
  });
});
