import { afterAll, describe, expect, it } from "vitest";
import { formatProblemAnswer } from "../src/adapter.ts";
import { AuthApiError, AuthError, createAuthClient, createCloudbaseAuth } from "../src/index.ts";
import type { AuthApiErrorKind, AuthRequest, AuthResult, CloudbaseAuth, CloudbaseAuthOptions } from "../src/index.ts";
import { upstreamStatus } from "../src/protocol/api-refusals.ts";
import { errorCatalogue } from "../src/words/error-catalogue.ts";
import { useHarness } from "./support/harness.ts";
import { envId, issue } from "./support/tokens.ts";

const instances: CloudbaseAuth[] = [];
function create(options: Partial<CloudbaseAuthOptions> = {}): CloudbaseAuth {
  const auth = createCloudbaseAuth({ envId, endpoint: "http://127.0.0.1:1", ...options } as CloudbaseAuthOptions);
  instances.push(auth);
  return auth;
}
afterAll(() => Promise.all(instances.map((auth) => auth.close())));

const auth = create();
const harness = useHarness({ locale: "auto" });
const explaining = useHarness({ locale: "auto", explain: true });
const asking = (language: string): AuthRequest => ({ headers: { "accept-language": language } });

interface Parts {
  readonly error?: string;
  readonly retryAfterSeconds?: number;
  readonly details?: { readonly retryDelaySeconds: number };
}

function failure(kind: AuthApiErrorKind, parts: Parts = {}): AuthApiError {
  return new AuthApiError("signIn", {
    ...{ kind, error: "sentinel-error", errorCode: 4_711, description: "sentinel-description", status: 418 },
    ...{ requestId: "sentinel-request", cause: new Error("sentinel-cause") },
    ...parts,
  });
}

const bare = { "WWW-Authenticate": 'Bearer realm="cloudbase"' };
const invalidToken = {
  "WWW-Authenticate": `Bearer realm="cloudbase", error="invalid_token", error_description="${errorCatalogue.invalid_token.detail}"`,
};
const wait = (seconds: number) => ({ "Retry-After": String(seconds) });

describe("what the Auth API refused, as it is answered", () => {
  it.each<[AuthApiErrorKind, Parts, number, string, string, object]>([
    ["invalid_credentials", {}, 403, "upstream_rejected", "invalid_credentials", {}],
    ["second_factor_required", {}, 409, "upstream_rejected", "second_factor_required", {}],
    ["captcha_required", {}, 409, "upstream_rejected", "captcha_required", {}],
    ["not_enabled", {}, 403, "upstream_rejected", "not_enabled", {}],
    ["user_state", {}, 403, "upstream_rejected", "user_state", {}],
    ["not_found", {}, 403, "upstream_rejected", "not_found", {}],
    ["already_exists", {}, 409, "upstream_rejected", "already_exists", {}],
    ["permission", {}, 403, "upstream_rejected", "permission", {}],
    ["invalid_input", {}, 400, "upstream_rejected", "invalid_input", {}],
    ["precondition", {}, 409, "upstream_rejected", "precondition", {}],
    ["unknown", {}, 400, "upstream_rejected", "unknown", {}],
    ["unauthenticated", {}, 401, "invalid_token", "inactive", invalidToken],
    ["invalid_grant", {}, 401, "refresh_rejected", "invalid_grant", bare],
    ["rate_limited", {}, 429, "rate_limited", "auth_api", wait(30)],
    ["rate_limited", { retryAfterSeconds: 7 }, 429, "rate_limited", "auth_api", wait(7)],
    ["rate_limited", { retryAfterSeconds: 0 }, 429, "rate_limited", "auth_api", wait(1)],
    ["locked", {}, 429, "rate_limited", "locked", wait(60)],
    ["locked", { retryAfterSeconds: 8 }, 429, "rate_limited", "locked", wait(8)],
    ["locked", { details: { retryDelaySeconds: 899.5 } }, 429, "rate_limited", "locked", wait(900)],
    ["unavailable", {}, 503, "service_unavailable", "auth_api", wait(5)],
    ["unavailable", { retryAfterSeconds: 120 }, 503, "service_unavailable", "auth_api", wait(120)],
    ["client", { retryAfterSeconds: 1 }, 503, "service_unavailable", "client", wait(60)],
  ])("%s, %j: %i %s, reason %s", (kind, parts, status, code, reason, headers) => {
    const error = failure(kind, parts);
    const refusal = auth.refusalOf(error);
    expect(refusal).toBeInstanceOf(AuthError);
    expect(refusal).toMatchObject({ status, statusCode: status, code, reason, expose: true });
    expect(refusal?.headers).toEqual(headers);
    expect(refusal?.cause).toBe(error);
    const answer = refusal && formatProblemAnswer(refusal, undefined);
    expect(JSON.stringify([answer, refusal?.message])).not.toMatch(/sentinel|4711|418|signIn/);
  });

  it("who does not exist is answered as who has another password, to the byte", () => {
    const answers = [
      failure("invalid_credentials"),
      failure("not_found"),
      failure("not_found", { error: "user_not_found" }),
    ]
      .map((error) => auth.refusalOf(error))
      .map((refusal) => refusal && formatProblemAnswer(refusal, undefined));
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it("no kind is left out, and every status is 4xx but not 401", () => {
    expect(Object.keys(upstreamStatus)).toEqual(errorCatalogue.upstream_rejected.reasons);
    for (const status of Object.values(upstreamStatus)) expect([400, 403, 409]).toContain(status);
  });

  it("a call that nobody answers, for real", async () => {
    const client = createAuthClient({ envId, endpoint: "http://127.0.0.1:1" });
    const error: unknown = await client.signInAnonymously().catch((thrown: unknown) => thrown);
    expect(auth.refusalOf(error)).toMatchObject({ status: 503, reason: "auth_api", headers: wait(5) });
    await client.close();
  });

  it("every other error is no answer", () => {
    const lookalike = Object.assign(new Error("x"), { name: "AuthApiError", kind: "not_found" });
    for (const other of [new Error("x"), new TypeError("x"), lookalike, { code: "forbidden" }, "x", null, undefined]) {
      expect(auth.refusalOf(other)).toBeUndefined();
    }
  });
});

describe("option locale", () => {
  const absent: AuthResult = { auth: { state: "absent" }, user: undefined };
  const en = errorCatalogue.missing_token.detail;
  const zh = errorCatalogue.missing_token.zh.detail;

  it.each<[CloudbaseAuthOptions["locale"], string, string, boolean]>([
    [undefined, "zh", en, false],
    ["en", "zh", en, false],
    ["zh", "en", zh, false],
    ["auto", "zh-CN,en;q=0.5", zh, true],
    ["auto", "en", en, true],
    ["auto", "fr", en, true],
  ])("%s, and the request prefers %s", async (locale, language, message, negotiated) => {
    const instance = create({ locale });
    const refusals = [
      await instance.authorize(absent, {}, asking(language)),
      instance.refusalOf(await instance.authorize(absent), asking(language)),
      instance.refusalOf(new AuthError("missing_token", { headers: bare }), asking(language)),
    ];
    for (const refusal of refusals) expect(refusal).toMatchObject({ message, negotiated, headers: bare });
    const refusal = instance.refusalOf(failure("locked"), asking(language));
    expect(refusal?.message).toBe(
      message === zh ? errorCatalogue.rate_limited.zh.detail : errorCatalogue.rate_limited.detail,
    );
  });

  it("auto: a refusal that is remembered stays as it is, and each request gets its own", async () => {
    const instance = create({ locale: "auto" });
    const result = await instance.authenticate({ headers: { authorization: "Bearer bad" } });
    if (result.auth.state !== "rejected") throw new Error("not rejected");
    const said = ["zh", "en", "zh"].map((language) => instance.authorize(result, {}, asking(language)) as AuthError);
    expect(said.map(({ locale }) => locale)).toEqual(["zh", "en", "zh"]);
    expect(new Set([...said, result.auth.error]).size).toBe(4);
    expect(result.auth.error).toMatchObject({ locale: "en", message: errorCatalogue.invalid_token.detail });
    expect(Object.isFrozen(result.auth.error)).toBe(true);
    expect(said[0]?.headers).toEqual(invalidToken);
  });

  it("auto: without a request, in English", async () => {
    const instance = create({ locale: "auto" });
    expect(await instance.authorize(absent)).toMatchObject({ locale: "en" });
    expect(instance.refusalOf(failure("locked"))).toMatchObject({ locale: "en" });
  });

  it("auto: who passes passes, at once or late, and so does what a check throws", async () => {
    const result = await harness.authenticate(issue());
    const ask = (check: () => boolean | Promise<boolean>) => harness.auth.authorize(result, { check }, asking("zh"));
    expect(ask(() => true)).toBeUndefined();
    expect(await ask(async () => true)).toBeUndefined();
    expect(await ask(async () => false)).toMatchObject({ code: "forbidden", locale: "zh", reason: "check" });
    await expect(ask(() => Promise.reject(new Error("of the check")))).rejects.toThrow("of the check");
  });

  it("auto: what explains a refusal stays with it, and stays out of what is sent", async () => {
    const result = await explaining.authenticate(issue());
    const refusal = await explaining.auth.authorize(result, { groups: ["admins"] }, asking("zh"));
    expect(refusal).toMatchObject({ locale: "zh", code: "forbidden" });
    expect(refusal?.explanation).toMatchObject({ state: "authenticated", held: false });
    expect(Object.keys(refusal ?? {})).not.toContain("explanation");
  });

  it("an error of another copy, of a code that is not known here, stays as it is", () => {
    const foreign = Object.defineProperty(new Error("x"), Symbol.for("@cloudbase-auth/AuthError"), { value: true });
    expect(create({ locale: "auto" }).refusalOf(Object.assign(foreign, { code: "newer" }), asking("zh"))).toBe(foreign);
  });
});

describe("what is wrong with an option is a TypeError", () => {
  it.each<[object, string]>([
    [{ locale: "de" }, 'option locale must be "en", "zh" or "auto"'],
    [{ locale: "zh-CN" }, "option locale"],
    [{ locale: null }, "option locale"],
    [{ docsBaseUrl: "" }, "option docsBaseUrl must be an http(s) URL such as https://docs.example/errors"],
    [{ docsBaseUrl: "/errors" }, "option docsBaseUrl"],
    [{ docsBaseUrl: "javascript:alert(1)" }, "option docsBaseUrl"],
    [{ docsBaseUrl: "https://docs.example/errors?code=" }, "option docsBaseUrl"],
    [{ docsBaseUrl: "https://docs.example/#errors" }, "option docsBaseUrl"],
    [{ docsBaseUrl: "https://me:secret@docs.example/errors" }, "option docsBaseUrl"],
    [{ docsBaseUrl: 1 }, "option docsBaseUrl"],
  ])("%j", (options, message) => {
    expect(() => create(options)).toThrow(TypeError);
    expect(() => create(options)).toThrow(message);
  });

  it.each(["https://docs.example", "https://docs.example/"])("docsBaseUrl %s gives no double slash", (docsBaseUrl) => {
    expect(create({ docsBaseUrl }).refusalOf(failure("locked"))?.docs).toBe("https://docs.example/rate_limited");
  });
});
