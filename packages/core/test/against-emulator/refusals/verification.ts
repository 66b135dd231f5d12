import { enter, newcomer } from "../support/people.ts";
import type { Refusal } from "../support/refusal.ts";
import { lihua } from "../support/stage.ts";
import type { Scene } from "../support/stage.ts";

type Sending = Parameters<Scene["client"]["verification"]["send"]>[0];

const send =
  (input: Sending, times = 1) =>
  async (scene: Scene) => {
    for (let time = 1; time < times; time += 1) await scene.client.verification.send(input);
    return scene.client.verification.send(input);
  };

/** Gives a code that stands in the inbox, after so long and so many wrong ones; or a wrong one. */
const verify =
  ({ seconds = 0, wrongOnes = 0, code = "" } = {}) =>
  async ({ client, emulator }: Scene) => {
    const { verificationId } = await client.verification.send({ email: lihua.email });
    const right = emulator.inbox.latest(lihua.email) ?? "";
    const wrong = right === "000000" ? "000001" : "000000";
    for (let time = 0; time < wrongOnes; time += 1) {
      const attempt = client.verification.verify({ verificationId, verificationCode: wrong });
      if (
        await attempt.then(
          () => true,
          () => false,
        )
      )
        throw new Error("a wrong code is taken");
    }
    emulator.clock.advance(seconds);
    return client.verification.verify({ verificationId, verificationCode: code === "" ? right : wrong });
  };

async function verifyTwice({ client, emulator }: Scene): Promise<unknown> {
  const { verificationId } = await client.verification.send({ email: lihua.email });
  const input = { verificationId, verificationCode: emulator.inbox.latest(lihua.email) ?? "" };
  await client.verification.verify(input);
  return client.verification.verify(input);
}

async function toAnothersNumber(scene: Scene): Promise<unknown> {
  const { accessToken } = await enter(scene);
  return scene.client.verification.send({ phoneNumber: newcomer, target: "CUR_USER", accessToken });
}

const documented = { dialect: "documented" } as const;

export const verificationRefusals: readonly Refusal[] = [
  ["verification.send", "the number is none", send({ phoneNumber: "13800000000" }), "invalid_phone_number"],
  ["verification.send", "the e-mail address is none", send({ email: "nobody" }), "invalid_argument"],
  [
    "verification.send",
    "it must be a user's",
    send({ phoneNumber: newcomer, target: "USER" }),
    "user_not_found",
    documented,
  ],
  [
    "verification.send",
    "it must be nobody's",
    send({ email: lihua.email, target: "NOT_USER" }),
    "failed_precondition",
    documented,
  ],
  ["verification.send", "it must be one's own", toAnothersNumber, "user_not_found", documented],
  [
    "verification.send",
    "it must be one's own, and who that is was not said",
    send({ email: lihua.email, target: "CUR_USER" }),
    "unauthenticated",
    documented,
  ],
  [
    "verification.send",
    "a captcha is always wanted",
    send({ email: lihua.email }),
    "captcha_required",
    { options: { settings: { captchaForCodes: true } } },
  ],
  [
    "verification.send",
    "another message went out just now",
    send({ phoneNumber: newcomer }, 2),
    "rate_limit_exceeded",
    { options: { settings: { smsIntervalSeconds: 30 } } },
  ],
  [
    "verification.send",
    "enough messages went out today",
    send({ phoneNumber: newcomer }, 3),
    "resource_exhausted",
    { options: { settings: { smsPerDay: 2 } } },
  ],
  ["verification.verify", "the code is wrong", verify({ code: "wrong" }), "invalid_verification_code"],
  ["verification.verify", "five codes were wrong", verify({ wrongOnes: 5 }), "invalid_verification_code"],
  ["verification.verify", "the code has expired", verify({ seconds: 600 }), "invalid_verification_code"],
  ["verification.verify", "the code is spent", verifyTwice, "invalid_verification_code"],
  [
    "verification.verify",
    "the id is made up",
    ({ client }) => client.verification.verify({ verificationId: "sentinel", verificationCode: "000000" }),
    "invalid_argument",
  ],
  [
    "verification.verify",
    "the id is an access token",
    async (scene) =>
      scene.client.verification.verify({
        verificationId: (await enter(scene)).accessToken,
        verificationCode: "000000",
      }),
    "invalid_argument",
  ],
];
