import { afterAll, describe, expect, it } from "vitest";
import { matching } from "./support/matchers.ts";
import { byPassword, enter, guess, memberOf, prove } from "./support/people.ts";
import { createStages, lihua, newcomer, password } from "./support/stage.ts";
import type { Stage } from "./support/stage.ts";
import type { Answer } from "./support/visitor.ts";

const stages = createStages();
afterAll(() => stages.close());

const captchaSoon = { captchaAfter: 1 };
const gif = matching(/^data:image\/gif;base64,/);
/** What somebody reads in the last picture. */
const read = ({ emulator }: Stage): string => emulator.inbox.captchas().at(-1)?.text ?? "there is none";

describe("POST /verification", () => {
  it.each([
    ["an e-mail address", { email: newcomer }, newcomer],
    ["a phone number", { phoneNumber: "+86 13900000000", usage: "sign_up" }, "+86 13900000000"],
  ])("sends a code to %s; what is needed to show it stays in a sealed cookie", async (_, body, to) => {
    const { visitor, codeFor } = await stages.open();
    const answer = await visitor().post("/verification", body);
    expect(answer).toMatchObject({ status: 200, json: { expiresInSeconds: 600 } });
    expect(codeFor(to)).toMatch(/^\d{6}$/);
    expect(answer.cookies).toHaveLength(1);
  });

  it("BF: is the same whether or not somebody has the address", async () => {
    const { visitor } = await stages.open();
    const [known, unknown] = [lihua.email, newcomer].map((email) => visitor().post("/verification", { email }));
    expect((await known)?.text).toBe((await unknown)?.text);
  });

  it("BF: nor does the length of the sealed cookie tell whether somebody has the address", async () => {
    const { visitor } = await stages.open();
    const length = async (email: string) => (await visitor().post("/verification", { email })).cookies[0]?.length;
    expect(await length(lihua.email)).toBe(await length("nobody@example.com".slice(-lihua.email.length)));
  });

  it("too soon after the last one is 429 of the Auth API", async () => {
    const { visitor } = await stages.open();
    await visitor().post("/verification", { phoneNumber: lihua.phoneNumber });
    const answer = await visitor().post("/verification", { phoneNumber: lihua.phoneNumber });
    expect(answer).toMatchObject({ status: 429, json: { code: "rate_limited" }, headers: { "Retry-After": "30" } });
  });

  it("with a captcha for every code: the picture comes with the refusal, and then the code is sent", async () => {
    const stage = await stages.open();
    const visitor = stage.visitor();
    stage.emulator.failNext("POST /auth/v1/verification", { kind: "error", error: "captcha_required" });
    const refused = await visitor.post("/verification", { email: newcomer });
    expect(refused).toMatchObject({
      status: 409,
      json: { reason: "captcha_required", captcha: { image: gif, expiresInSeconds: 300 } },
    });
    expect(await visitor.post("/captcha", { answer: read(stage) })).toMatchObject({
      status: 200,
      json: { solved: true },
    });
    expect((await visitor.post("/verification", { email: newcomer })).status).toBe(200);
    const proofs = stage.emulator.requests.entries().filter(({ query }) => query.includes("captcha_token"));
    expect(proofs.map(({ path }) => path)).toEqual(["/auth/v1/verification"]);
  });
});

describe("POST /verification/verify", () => {
  it("a wrong code is 403, and the right one is still good", async () => {
    const { visitor, codeFor } = await stages.open();
    const browser = visitor();
    await browser.post("/verification", { email: newcomer });
    const wrong = codeFor(newcomer) === "000000" ? "111111" : "000000";
    expect(await browser.post("/verification/verify", { code: wrong })).toMatchObject({
      status: 403,
      json: { reason: "invalid_credentials" },
    });
    const right = await browser.post("/verification/verify", { code: codeFor(newcomer) });
    expect(right).toMatchObject({ status: 200, json: { isUser: false, expiresInSeconds: 600 } });
  });

  it("in a browser that asked for no code is 409, and so it is after ten minutes", async () => {
    const { visitor, codeFor, emulator } = await stages.open();
    const browser = visitor();
    await browser.post("/verification", { email: newcomer });
    const code = codeFor(newcomer);
    expect(await visitor().post("/verification/verify", { code })).toMatchObject({
      status: 409,
      json: { reason: "precondition" },
    });
    emulator.clock.advance(600);
    expect(await browser.post("/verification/verify", { code })).toMatchObject({
      status: 409,
      json: { reason: "precondition" },
    });
  });

  it("the proof is gone after ten minutes too", async () => {
    const stage = await stages.open();
    const visitor = stage.visitor();
    await prove(stage, visitor, lihua.email);
    stage.emulator.clock.advance(600);
    expect(await visitor.post("/signin", { verified: true })).toMatchObject({
      status: 409,
      json: { reason: "precondition" },
    });
  });

  it("BF-03: one purpose's cookie is no other's under its name", async () => {
    const stage = await stages.open();
    const visitor = stage.visitor();
    await visitor.post("/verification", { email: lihua.email });
    const [[name, value] = ["", ""]] = visitor.browser.jar;
    for (const other of ["__Host-cb.tx.proof", "__Host-cb.tx.captcha", "__Host-cb.sid"])
      visitor.browser.jar.set(other, value);
    expect(name).toBe("__Host-cb.tx.code");
    expect((await visitor.post("/signin", { verified: true })).status).toBe(409);
    expect((await visitor.get("/me")).status).toBe(401);
  });
});

describe("POST /captcha", () => {
  it("after wrong passwords: a picture, an answer, and the sign-in goes through", async () => {
    const stage = await stages.open(captchaSoon);
    const visitor = stage.visitor();
    await guess(visitor, 1);
    const refused = await visitor.post("/signin", byPassword);
    expect(refused).toMatchObject({ status: 409, json: { reason: "captcha_required", captcha: { image: gif } } });
    expect(Object.keys(memberOf(refused, "captcha") as object)).toEqual(["image", "expiresInSeconds"]);
    const solved = await visitor.post("/captcha", { answer: read(stage) });
    expect(solved).toMatchObject({ status: 200, json: { solved: true, expiresInSeconds: 600 } });
    expect((await visitor.post("/signin", byPassword)).status).toBe(200);
  });

  it("a wrong answer is 409 with another picture, and the right answer to that one counts", async () => {
    const stage = await stages.open(captchaSoon);
    const visitor = stage.visitor();
    await guess(visitor, 1);
    await visitor.post("/signin", byPassword);
    const wrong = await visitor.post("/captcha", { answer: "????" });
    expect(wrong).toMatchObject({ status: 409, json: { reason: "captcha_required", captcha: { image: gif } } });
    expect((await visitor.post("/captcha", { answer: read(stage) })).status).toBe(200);
  });

  it("without an answer is a new picture; an answer without a picture is 409", async () => {
    const stage = await stages.open();
    const visitor = stage.visitor();
    expect(await visitor.post("/captcha", { answer: "abcd" })).toMatchObject({
      status: 409,
      json: { reason: "precondition" },
    });
    expect(await visitor.post("/captcha", {})).toMatchObject({
      status: 200,
      json: { image: gif, expiresInSeconds: 300 },
    });
    expect((await visitor.post("/captcha", { answer: read(stage) })).status).toBe(200);
  });

  it("no picture to be had leaves the refusal as it is", async () => {
    const stage = await stages.open(captchaSoon);
    const visitor = stage.visitor();
    await guess(visitor, 1);
    stage.emulator.failNext("POST /auth/v1/captcha/data", { kind: "status", status: 503 });
    const refused = await visitor.post("/signin", byPassword);
    expect(refused).toMatchObject({ status: 409, json: { reason: "captcha_required" } });
    expect(memberOf(refused, "captcha")).toBeUndefined();
  });

  it("is needed for the password that is shown again, too", async () => {
    const stage = await stages.open(captchaSoon);
    const visitor = await enter(stage);
    await guess(stage.visitor(), 1);
    const change = { password, newPassword: `${password}-new` };
    expect(await visitor.send("PATCH", "/password", change)).toMatchObject({
      status: 409,
      json: { reason: "captcha_required" },
    });
    await visitor.post("/captcha", { answer: read(stage) });
    expect((await visitor.send("PATCH", "/password", change)).status).toBe(204);
  });
});

describe("BF: guesses for a name that nobody has", () => {
  const shape = ({ status, json, ...answer }: Answer) => ({
    status,
    reason: memberOf({ status, json, ...answer }, "reason"),
    members: Object.keys(json as object),
  });

  it("are asked for a captcha when those for a real one are, and answered the same with it", async () => {
    const stage = await stages.open();
    const seen = [];
    for (const username of [lihua.username, "nobody"]) {
      const visitor = stage.visitor();
      const answers = [];
      for (let time = 0; time < 6; time += 1)
        answers.push(await visitor.post("/signin", { username, password: "wrong" }));
      answers.push(await visitor.post("/captcha", { answer: read(stage) }));
      answers.push(await visitor.post("/signin", { username, password: "wrong" }));
      seen.push(answers.map(shape));
    }
    const [real, madeUp] = seen;
    expect(real?.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 409, 200, 403]);
    expect(madeUp).toEqual(real);
  });

  it("go on without a captcha where there is none to be had, and a success forgets them", async () => {
    const stage = await stages.open({}, { limits: { beforeCaptcha: { attempts: 1, perSeconds: 600 } } });
    const visitor = stage.visitor();
    await guess(visitor, 1);
    stage.emulator.failNext("POST /auth/v1/captcha/data", { kind: "status", status: 404 });
    expect((await visitor.post("/signin", byPassword)).status).toBe(200);
    expect((await guess(visitor, 1))?.status).toBe(403);
    expect((await guess(visitor, 1))?.status).toBe(409);
  });
});

describe("a lockout of the Auth API", () => {
  it("is 429 with how long it lasts", async () => {
    const { visitor, emulator } = await stages.open();
    const body = { error: "invalid_status", error_code: 1, error_description: "x", details: [{ retry_delay: "77s" }] };
    emulator.failNext("POST /auth/v1/signin", { kind: "status", status: 400, body });
    const answer = await visitor().post("/signin", byPassword);
    expect(answer).toMatchObject({ status: 429, json: { code: "rate_limited" }, headers: { "Retry-After": "77" } });
  });
});
