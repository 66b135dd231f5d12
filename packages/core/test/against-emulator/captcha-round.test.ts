import { afterAll, describe, expect, it } from "vitest";
import type { CaptchaChallenge } from "../../src/index.ts";
import { matching, opaque } from "./support/matchers.ts";
import { elevate, enter, guess, newcomer, sessionOf } from "./support/people.ts";
import { refused } from "./support/refused.ts";
import { createStages, dialects, lihua, password } from "./support/stage.ts";
import type { Dialect, Scene } from "./support/stage.ts";

const stages = createStages();
afterAll(() => stages.close());

const { username } = lihua;
const wanted = { settings: { captchaAfter: 1 } };
const gif = matching(/^data:image\/gif;base64,/);

/** A scene where Lihua's password is asked for with a captcha, and a client whose user answers so. */
async function open(dialect: Dialect, answer: (scene: Scene, challenge: CaptchaChallenge) => string | undefined) {
  const scene = await stages.open(dialect, wanted);
  const challenges: CaptchaChallenge[] = [];
  const client = scene.createClient({
    onCaptcha(challenge) {
      challenges.push(challenge);
      return answer(scene, challenge);
    },
  });
  return { scene, client, challenges };
}

const reads = ({ emulator }: Scene, { token }: CaptchaChallenge) => emulator.inbox.captcha(token);
const paths = ({ emulator }: Scene) => emulator.requests.entries().map(({ path }) => path.replace("/auth/v1/", ""));

describe.each(dialects)("in the %s dialect, the round", (dialect) => {
  it("is gone through once, and the call succeeds", async () => {
    const { scene, client, challenges } = await open(dialect, reads);
    await guess(scene, 1);
    scene.emulator.requests.clear();
    expect(await client.signIn({ username, password })).toMatchObject({ scope: "user sso", groups: ["admin"] });
    expect(challenges).toEqual([{ call: "signIn", image: gif, token: opaque, expiresInSeconds: 300 }]);
    expect(paths(scene)).toEqual(["signin", "captcha/data", "captcha/data/verify", "signin"]);
    const [first, , , again] = scene.emulator.requests.entries();
    expect([first?.error, again?.status]).toEqual(["captcha_required", 200]);
    expect([first?.query.includes("captcha_token"), again?.query.includes("captcha_token")]).toEqual([false, true]);
  });

  it.each(["passwordGrant", "user.sudo", "user.changePassword", "user.edit"])("%s has it too", async (name) => {
    const { scene, client, challenges } = await open(dialect, reads);
    const session = await enter(scene);
    const sudoToken = await elevate(scene, session);
    await guess(scene, 1);
    const newPassword = `${password}-new`;
    const { accessToken } = session;
    const act: Record<string, () => Promise<object>> = {
      passwordGrant: () => client.passwordGrant({ username, password }),
      "user.sudo": () => client.user.sudo({ accessToken, password }),
      "user.changePassword": () =>
        client.user.changePassword({ accessToken, sudoToken, oldPassword: password, newPassword }),
      "user.edit": () => client.user.edit({ accessToken, password, newPassword }),
    };
    expect(await act[name]?.()).toMatchObject({ requestId: matching(/./) });
    expect(challenges).toMatchObject([{ call: name }]);
  });

  it("is the same where every code wants one", async () => {
    const scene = await stages.open(dialect, { settings: { captchaForCodes: true } });
    const client = scene.createClient({ onCaptcha: (challenge) => reads(scene, challenge) });
    const { verificationId } = await client.verification.send({ phoneNumber: newcomer });
    const verificationCode = scene.emulator.inbox.latest(newcomer) ?? "";
    const { verificationToken } = await client.verification.verify({ verificationId, verificationCode });
    const set = await client.signUp({ phoneNumber: newcomer, verificationToken, verificationCode });
    expect(sessionOf(set).sub).toMatch(/^\d{19}$/);
    expect(paths(scene).slice(0, 4)).toEqual(["verification", "captcha/data", "captcha/data/verify", "verification"]);
  });
});

describe("a proof that was earned elsewhere", () => {
  async function earn({ client, emulator }: Scene): Promise<string> {
    const { token } = await client.captcha.data();
    return (await client.captcha.verify({ token, key: emulator.inbox.captcha(token) ?? "" })).captchaToken;
  }

  it.each(dialects)(
    "in the %s dialect, goes with the call at once, in the header and in the query",
    async (dialect) => {
      const { scene, client, challenges } = await open(dialect, reads);
      await guess(scene, 1);
      const captchaToken = await earn(scene);
      scene.emulator.requests.clear();
      expect(await client.signIn({ username, password }, { captchaToken })).toMatchObject({ scope: "user sso" });
      expect(challenges).toEqual([]);
      expect(paths(scene)).toEqual(["signin"]);
      expect(scene.emulator.requests.entries()[0]?.query).toContain("captcha_token");
    },
  );

  it("that is no good is answered captcha_invalid, without a round", async () => {
    const { scene, client, challenges } = await open("documented", reads);
    await guess(scene, 1);
    const error = await refused(client.signIn({ username, password }, { captchaToken: "v1.made-up" }));
    expect(error).toMatchObject({ error: "captcha_invalid", kind: "captcha_required" });
    expect(challenges).toEqual([]);
  });
});

describe("the round ends", () => {
  it("with captcha_invalid when the picture was misread, and the call is not repeated", async () => {
    const { scene, client } = await open("documented", () => "????");
    await guess(scene, 1);
    scene.emulator.requests.clear();
    const error = await refused(client.signIn({ username, password }));
    expect(error).toMatchObject({ error: "captcha_invalid", kind: "captcha_required", upstreamStatus: 400 });
    expect(error.message).toMatch(/^captcha\.verify was answered/);
    expect(paths(scene)).toEqual(["signin", "captcha/data", "captcha/data/verify"]);
  });

  it("with captcha_invalid when the person took too long", async () => {
    const { scene, client } = await open("documented", (stage, challenge) => {
      stage.emulator.clock.advance(300);
      return reads(stage, challenge);
    });
    await guess(scene, 1);
    expect(await refused(client.signIn({ username, password }))).toMatchObject({ error: "captcha_invalid" });
  });

  it("with captcha_required when nobody reads the picture, and when there is no hook", async () => {
    const { scene, client } = await open("documented", () => undefined);
    await guess(scene, 1);
    scene.emulator.requests.clear();
    for (const asked of [client, scene.client]) {
      const error = await refused(asked.signIn({ username, password }));
      expect(error).toMatchObject({ error: "captcha_required", kind: "captcha_required", retryable: false });
    }
    expect(paths(scene)).toEqual(["signin", "captcha/data", "signin"]);
  });

  it("with what the repeated call is answered: a wrong password stays wrong, and is asked for once more only", async () => {
    const { scene, client, challenges } = await open("documented", reads);
    await guess(scene, 1);
    const error = await refused(client.signIn({ username, password: "a-wrong-sentinel" }));
    expect(error).toMatchObject({ error: "invalid_password", details: { limitRemaining: 8 } });
    expect(challenges).toHaveLength(1);
  });

  it("with the fault of the captcha's own calls", async () => {
    const { scene, client, challenges } = await open("documented", reads);
    await guess(scene, 1);
    scene.emulator.failNext("POST /auth/v1/captcha/data", { kind: "reset" });
    const error = await refused(client.signIn({ username, password }));
    expect(error).toMatchObject({ kind: "unavailable", error: "unreachable" });
    expect(error.message).toMatch(/^captcha\.data got no usable answer/);
    expect(challenges).toEqual([]);
  });
});
