import { describe, expect, it } from "vitest";
import { userFromClaims } from "../../src/protocol/wire.ts";
import type { Claims } from "../../src/words/auth.ts";

const base = { iss: "http://issuer", sub: "user-1", aud: "demo", exp: 2, iat: 1 };
const bare = { id: "user-1", isAnonymous: false, groups: [], roles: [], scopes: [] };
const user = (changes: object) => userFromClaims({ ...base, ...changes } as Claims);

describe("claims become a user", () => {
  it("with everything", () => {
    const read = user({
      ...{ scope: "user sso", groups: ["g", { id: "h" }], roles: [{ id: "r" }], name: "n", email: "e" },
      ...{ phone_number: "+86 1", picture: "p", provider: "wx_open", provider_type: "email", provider_sub: "ps" },
      meta: { wxOpenId: "o", wxUnionId: "u" },
    });
    expect(read).toStrictEqual({
      ...{ id: "user-1", isAnonymous: false, groups: ["g", "h"], roles: ["r"], scopes: ["user", "sso"] },
      ...{ name: "n", email: "e", phoneNumber: "+86 1", picture: "p", provider: "wx_open", openId: "o", unionId: "u" },
    });
    for (const part of [read, read.groups, read.roles, read.scopes]) expect(Object.isFrozen(part)).toBe(true);
  });

  it("with nothing, and with every member empty or of another type", () => {
    expect(user({})).toStrictEqual(bare);
    const names = ["scope", "groups", "roles", "name", "email", "phone_number", "picture", "provider", "provider_type"];
    for (const odd of ["", 7, {}, null, [7]]) {
      const changes = Object.fromEntries([...names, "provider_sub", "meta", "is_anonymous"].map((name) => [name, odd]));
      expect(user(changes)).toStrictEqual(bare);
    }
    expect(user({ meta: { wxOpenId: "", wxUnionId: 7 } })).toStrictEqual(bare);
  });

  it.each<[object, boolean]>([
    [{ is_anonymous: true }, true],
    [{ is_anonymous: "true" }, false],
    [{ is_anonymous: 1 }, false],
    [{ scope: "user anonymous" }, true],
    [{ scope: "anonymous", is_anonymous: false }, true],
    [{ scope: "anonymously Anonymous" }, false],
  ])("%j is anonymous: %s", (changes, expected) => {
    expect(user(changes).isAnonymous).toBe(expected);
  });

  it.each<[object, string | undefined, string | undefined]>([
    [{ provider: "email", provider_type: "phone" }, "email", undefined],
    [{ provider: "", provider_type: "phone" }, "phone", undefined],
    [{ provider: "wx_open", provider_sub: "o" }, "wx_open", "o"],
    [{ provider_type: "wechat", provider_sub: "o" }, "wechat", "o"],
    [{ provider: "wx", provider_sub: "" }, "wx", undefined],
    [{ provider: "github", provider_sub: "o" }, "github", undefined],
    [{ provider: "my_wx", provider_sub: "o" }, "my_wx", undefined],
    [{ provider_sub: "o" }, undefined, undefined],
    [{ provider: "wx_open", provider_sub: "o", meta: { wxOpenId: "m" } }, "wx_open", "m"],
    [{ provider: "email", meta: { wxOpenId: "m" } }, "email", "m"],
  ])("%j: provider %s, openid %s", (changes, provider, openId) => {
    expect(user(changes)).toMatchObject({ ...(provider && { provider }), ...(openId && { openId }) });
    expect([user(changes).provider, user(changes).openId]).toEqual([provider, openId]);
  });

  it("scope is split by the parser that is given", () => {
    const read = userFromClaims({ ...base, scope: "user" } as Claims, (scope) => [`${scope}!`]);
    expect(read.scopes).toEqual(["user!"]);
  });
});
