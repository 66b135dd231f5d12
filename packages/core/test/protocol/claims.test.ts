import { describe, expect, it } from "vitest";
import { checkClaims } from "../../src/protocol/claims.ts";
import type { ClaimsPolicy } from "../../src/protocol/claims.ts";

const now = 1_800_000_000;
const policy: ClaimsPolicy = { audience: ["demo", "app"], clockToleranceSeconds: 5, maxTokenLifetimeSeconds: 7_200 };
const good = { iss: "http://issuer", sub: "user-1", aud: "demo", iat: now, exp: now + 7_200 };

function outcome(changes: object, at = now): string {
  const checked = checkClaims({ ...good, ...changes }, policy, at);
  return checked.ok ? "ok" : checked.reason;
}

it("checked, the claims are the same object", () => {
  const claims = { ...good, scope: "user", nbf: now };
  const checked = checkClaims(claims, policy, now);
  expect(checked.ok && checked.claims).toBe(claims);
});

describe("RFC 7519 §4.1: what must be there, and of which type", () => {
  it.each(["iss", "sub", "aud", "exp", "iat"])("without %s", (name) => {
    expect(outcome({ [name]: undefined })).toBe("claim");
    expect(outcome({ [name]: null })).toBe("claim");
    expect(outcome({ [name]: {} })).toBe("claim");
    expect(outcome({ [name]: true })).toBe("claim");
  });

  it.each<[string, object, string]>([
    ["iss that is a list", { iss: ["http://issuer"] }, "claim"],
    ["an iss of any text, which the caller compares", { iss: "" }, "ok"],
    ["an empty sub", { sub: "" }, "claim"],
    ["a sub that is a number", { sub: 7 }, "claim"],
    ["a sub with NUL", { sub: "a\0b" }, "claim"],
    ["a sub with a lone surrogate", { sub: "a\ud800" }, "claim"],
    ["a sub with a whole pair", { sub: "a\u{1f600}" }, "ok"],
    ["exp as a text", { exp: String(now + 60) }, "claim"],
    ["iat as a text", { iat: String(now) }, "claim"],
    ["exp that is no time", { exp: Infinity }, "claim"],
    ["iat that is no time", { iat: -Infinity }, "claim"],
    ["iat 0", { iat: 0, exp: 60 }, "claim"],
    ["iat below 0", { iat: -1, exp: 60 }, "claim"],
    ["nbf as a text", { nbf: String(now) }, "claim"],
    ["nbf null", { nbf: null }, "claim"],
    ["nbf 0", { nbf: 0 }, "claim"],
    ["nbf in the past", { nbf: 1 }, "ok"],
    ["scope that is a list", { scope: ["user"] }, "claim"],
    ["scope null", { scope: null }, "claim"],
    ["scope with NUL", { scope: "user\0" }, "claim"],
    ["scope with a lone surrogate", { scope: "\udc00" }, "claim"],
    ["an empty scope", { scope: "" }, "ok"],
  ])("%s", (_title, changes, expected) => {
    expect(outcome(changes)).toBe(expected);
  });
});

describe("RFC 7519 §4.1.3: audience", () => {
  it.each<[unknown, string]>([
    ["demo", "ok"],
    ["app", "ok"],
    [["demo"], "ok"],
    [["other", "app"], "ok"],
    ["other", "audience"],
    ["", "audience"],
    ["dem", "audience"],
    ["demo2", "audience"],
    ["DEMO", "audience"],
    [["other"], "audience"],
    [["other", ""], "audience"],
    [[], "claim"],
    [["demo", 7], "claim"],
    [[7, "demo"], "claim"],
    [[["demo"]], "claim"],
    [{ 0: "demo", length: 1 }, "claim"],
    [7, "claim"],
  ])("%j: %s", (aud, expected) => {
    expect(outcome({ aud })).toBe(expected);
  });
});

describe("a key of the API is not a user", () => {
  it.each<[unknown, string]>([
    ["anon", "type"],
    ["service_role", "type"],
    ["user", "ok"],
    ["", "ok"],
    [["anon"], "ok"],
    [7, "ok"],
  ])("role %j: %s", (role, expected) => {
    expect(outcome({ role })).toBe(expected);
  });

  it("the audience is told first, then the type, then the times", () => {
    expect(outcome({ aud: "other", role: "anon", exp: 1 })).toBe("audience");
    expect(outcome({ role: "anon", exp: 1 })).toBe("type");
  });
});

describe("RFC 7519 §4.1.4–4.1.6: times", () => {
  it.each<[string, object, number, string]>([
    ["the longest life", { exp: now + 7_200 }, now, "ok"],
    ["a second longer", { exp: now + 7_201 }, now, "claim"],
    ["no life", { exp: now }, now, "claim"],
    ["a life that ends before it begins", { exp: now - 1 }, now, "claim"],
    ["one second of life", { exp: now + 1 }, now, "ok"],
    ["in the last second with tolerance", { exp: now + 60 }, now + 64, "ok"],
    ["the second after it", { exp: now + 60 }, now + 65, "expired"],
    ["issued as late as tolerance allows", {}, now - 5, "ok"],
    ["a second later", {}, now - 6, "not_yet_valid"],
    ["not before as late as tolerance allows", { nbf: now + 5 }, now, "ok"],
    ["a second later still", { nbf: now + 6 }, now, "not_yet_valid"],
    ["a fraction of a second counts", { exp: now + 60.5 }, now + 65, "ok"],
    ["expired and not yet valid", { nbf: now + 900, exp: now + 60 }, now + 65, "expired"],
  ])("%s", (_title, changes, at, expected) => {
    expect(outcome(changes, at)).toBe(expected);
  });
});
