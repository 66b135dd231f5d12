import { describe, expect, it } from "vitest";
import {
  parseIntrospection,
  parseProviders,
  parseProviderToken,
  parsePublicProfiles,
  parseTokenSet,
  parseUserProfile,
} from "../../src/protocol/api-answers.ts";

/** An object of this, with every text empty that may be missing: the API writes it so where there is none. */
const emptied = (answer: object, ...kept: readonly string[]) =>
  Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, kept.includes(name) ? value : ""]));

describe("token sets (RFC 6749 §5.1)", () => {
  const answer = {
    ...{ access_token: "a", token_type: "bearer", expires_in: 7_200, refresh_token: "r", sub: "s", scope: "user" },
    groups: [{ id: "g" }],
  };
  it("with everything", () => {
    expect(parseTokenSet(answer)).toEqual({
      ...{ accessToken: "a", tokenType: "bearer", expiresInSeconds: 7_200, refreshToken: "r", sub: "s" },
      ...{ scope: "user", groups: ["g"] },
    });
  });
  it("with what must be there", () => {
    const bare = parseTokenSet(emptied(answer, "access_token", "expires_in"));
    expect(bare).toStrictEqual({ accessToken: "a", tokenType: "Bearer", expiresInSeconds: 7_200, groups: [] });
  });
  it.each([{ access_token: "" }, { expires_in: "7200" }])("not with %j", (changes) => {
    expect(parseTokenSet({ ...answer, ...changes })).toBeUndefined();
  });
});

describe("introspection (RFC 7662 §2.2, and CloudBase's {} for what is not valid)", () => {
  const answer = { sub: "s", client_id: "c", scope: "user", token_type: "Bearer" };
  const active = { active: true, sub: "s", clientId: "c", scope: "user", tokenType: "Bearer" };
  it.each<[object, object | undefined]>([
    [answer, active],
    [{ ...answer, active: true }, active],
    [
      { sub: "s", client_id: "" },
      { active: true, sub: "s" },
    ],
    [{ ...answer, active: false }, { active: false }],
    [{}, { active: false }],
    [{ active: true }, { active: false }],
    [{ ...answer, sub: "" }, { active: false }],
    [{ ...answer, sub: 7 }, { active: false }],
    [{ ...answer, active: "true" }, undefined],
    [{ ...answer, active: 1 }, undefined],
    [{ ...answer, active: null }, undefined],
  ])("%j", (said, expected) => {
    expect(parseIntrospection({ ...said })).toStrictEqual(expected);
  });
});

describe("people", () => {
  const profile = {
    ...{ sub: "s", user_id: "u", name: "n", username: "un", picture: "p", email: "e", email_verified: true },
    ...{ phone_number: "+86 1", gender: "MALE", locale: "zh", status: "ACTIVE", has_password: false },
    ...{ created_at: "c", updated_at: "up", password_updated_at: "pu", last_login: "l", groups: ["g"] },
    providers: [{ id: "p1", provider_user_id: "pu1", name: "pn", picture: "pp" }, { id: "" }, 7, { id: "p2" }],
  };
  it("oneself, with everything", () => {
    expect(parseUserProfile(profile)).toStrictEqual({
      ...{ sub: "s", userId: "u", name: "n", username: "un", picture: "p", email: "e", emailVerified: true },
      ...{ phoneNumber: "+86 1", gender: "MALE", locale: "zh", status: "ACTIVE", hasPassword: false },
      ...{ createdAt: "c", updatedAt: "up", passwordUpdatedAt: "pu", lastLogin: "l", groups: ["g"] },
      providers: [{ id: "p1", providerUserId: "pu1", name: "pn", picture: "pp" }, { id: "p2" }],
    });
  });
  it("oneself, with what must be there", () => {
    expect(parseUserProfile(emptied(profile, "sub"))).toStrictEqual({ sub: "s", providers: [], groups: [] });
    expect(parseUserProfile({ ...profile, sub: "" })).toBeUndefined();
  });
  it("whether there is a password, under either name", () => {
    expect(parseUserProfile({ sub: "s", hasPassword: true })).toMatchObject({ hasPassword: true });
    expect(parseUserProfile({ sub: "s", has_password: false, hasPassword: true })).toMatchObject({
      hasPassword: false,
    });
  });
  it("others", () => {
    const other = { sub: "s", name: "n", picture: "p", gender: "g", locale: "l", email: "e", phone_number: "+1" };
    const data = [other, { ...other, sub: "" }, null, { sub: "t", name: "" }];
    expect(parsePublicProfiles({ data })).toStrictEqual([
      { sub: "s", name: "n", picture: "p", gender: "g", locale: "l", email: "e", phoneNumber: "+1" },
      { sub: "t" },
    ]);
    expect(parsePublicProfiles({})).toEqual([]);
  });
});

describe("third parties", () => {
  it("the ways to sign in", () => {
    const one = { id: "i", name: "n", homepage: "h", picture: "p", provider_type: "t", provider_user_name: "u" };
    const data = [{ ...one, bind: true }, { ...one, id: "" }, "x", { id: "j" }, { id: "k", bind: "true" }];
    expect(parseProviders({ data })).toStrictEqual([
      { id: "i", bound: true, name: "n", homepage: "h", picture: "p", providerType: "t", providerUserName: "u" },
      { id: "j", bound: false },
      { id: "k", bound: false },
    ]);
  });
  it("what an exchange gives", () => {
    const theirs = { provider_id: "i", sub: "s", name: "n", picture: "p", email: "e", phone_number: "+1" };
    expect(parseProviderToken({ provider_token: "t", expires_in: 60, provider_profile: theirs })).toStrictEqual({
      ...{ providerToken: "t", expiresInSeconds: 60 },
      profile: { providerId: "i", sub: "s", name: "n", picture: "p", email: "e", phoneNumber: "+1" },
    });
    expect(parseProviderToken({ provider_token: "t" })).toStrictEqual({ providerToken: "t", profile: {} });
    expect(parseProviderToken({ provider_token: "t", provider_profile: "x" })).toMatchObject({ profile: {} });
    expect(parseProviderToken({ provider_token: "", provider_profile: theirs })).toBeUndefined();
  });
});
