import { afterAll, describe, expect, it } from "vitest";
import { appOf, text } from "./support/app.ts";
import { anyOf } from "./support/matchers.ts";
import { byPassword, memberOf } from "./support/people.ts";
import { createStages, lihua } from "./support/stage.ts";
import type { Answer } from "./support/visitor.ts";

const stages = createStages();
afterAll(() => stages.close());

describe("mode tokens, and captchas", () => {
  it("a captcha: the picture's handle is in the body, and the proof goes along", async () => {
    const stage = await stages.open({ captchaAfter: 1 });
    const app = appOf(stage);
    await app.post("/signin", { ...byPassword, password: "wrong" });
    const refused = await app.post("/signin", byPassword);
    expect(refused).toMatchObject({ status: 409, json: { reason: "captcha_required" } });
    const token = text(refused, "captcha", "token");
    const answer = stage.emulator.inbox.captcha(token);
    const captchaToken = text(await app.post("/captcha", { answer, token }), "captchaToken");
    expect((await app.post("/signin", { ...byPassword, captchaToken })).status).toBe(200);
    expect(await app.post("/captcha", {})).toMatchObject({ status: 200, json: { token: anyOf(String) } });
    expect(await app.post("/captcha", { answer: "x" })).toMatchObject({
      status: 400,
      json: { errors: [{ field: "token", problem: "required" }] },
    });
  });

  it("a proof of a captcha that nobody earned here does not tell who has an account", async () => {
    const stage = await stages.open();
    const app = appOf(stage);
    const shape = ({ status, json }: Answer) => [status, Object.keys(json as object)];
    const seen = [];
    for (const username of [lihua.username, "nobody"]) {
      const wrong = { username, password: "wrong" };
      const answers = [];
      for (let time = 0; time < 5; time += 1) answers.push(await app.post("/signin", wrong));
      // One that is made up, one that the Auth API itself gave, and one that was earned here.
      const picture = async () => app.post("/captcha", {});
      const solve = async () => {
        const token = text(await picture(), "token");
        return { token, answer: String(stage.emulator.inbox.captcha(token)) };
      };
      const { token, answer } = await solve();
      const foreign = await stage.auth.client.captcha.verify({ token, key: answer });
      const earned = text(await app.post("/captcha", await solve()), "captchaToken");
      for (const captchaToken of ["made-up", foreign.captchaToken, earned]) {
        answers.push(await app.post("/signin", { ...wrong, captchaToken }));
      }
      seen.push(answers.map(shape));
    }
    const [real, madeUp] = seen;
    expect(real?.map(([status]) => status)).toEqual([403, 403, 403, 403, 403, 409, 409, 403]);
    expect(madeUp).toEqual(real);
  });

  it("a proof of a captcha ends when it ends at the Auth API", async () => {
    const stage = await stages.open();
    const app = appOf(stage);
    const token = text(await app.post("/captcha", {}), "token");
    const solved = await app.post("/captcha", { token, answer: stage.emulator.inbox.captcha(token) });
    stage.emulator.clock.advance(Number(memberOf(solved, "expiresInSeconds")));
    const guess = { username: "nobody", password: "wrong", captchaToken: text(solved, "captchaToken") };
    for (let time = 0; time < 5; time += 1) expect((await app.post("/signin", guess)).status).toBe(403);
    expect((await app.post("/signin", guess)).status).toBe(409);
  });
});
