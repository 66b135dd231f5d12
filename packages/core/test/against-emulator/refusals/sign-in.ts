import { guess, newcomer, prove, vouch } from "../support/people.ts";
import type { Refusal } from "../support/refusal.ts";
import { lihua, methodsOff, password, wang } from "../support/stage.ts";
import type { Scene } from "../support/stage.ts";

const { username } = lihua;
const wrong = { username, password: "a-wrong-sentinel" };
const soonCaptcha = { settings: { captchaAfter: 1 } };
const soonLocked = { settings: { passwordAttempts: 2, captchaAfter: -1 } };

const byPassword = (name: string) => (scene: Scene) => scene.client.signIn({ username: name, password });

const afterGuesses = (times: number, what: object, seconds: number) => async (scene: Scene) => {
  await guess(scene, times);
  scene.emulator.clock.advance(seconds);
  return scene.client.signIn({ username, password, ...what });
};

/** By a code of this number, which was there for so long. */
const byCode = (to: string, seconds: number) => async (scene: Scene) => {
  const { verificationToken } = await prove(scene, to);
  scene.emulator.clock.advance(seconds);
  return scene.client.signIn({ verificationToken });
};

async function byCodeTwice(scene: Scene): Promise<unknown> {
  const { verificationToken } = await prove(scene, lihua.email);
  await scene.client.signIn({ verificationToken });
  return scene.client.signIn({ verificationToken });
}

const byProvider = (seconds: number, further: object) => async (scene: Scene) => {
  const providerToken = await vouch(scene, "at-provider-1");
  scene.emulator.clock.advance(seconds);
  return scene.client.signInWithProvider({ providerToken, ...further });
};

async function byProviderTwice(scene: Scene): Promise<unknown> {
  const providerToken = await vouch(scene, "at-provider-1");
  await scene.client.signInWithProvider({ providerToken });
  return scene.client.signInWithProvider({ providerToken });
}

export const signInRefusals: readonly Refusal[] = [
  [
    "signIn",
    "the password is wrong",
    ({ client }) => client.signIn(wrong),
    "invalid_password",
    { details: { limitRemaining: 9 } },
  ],
  [
    "signIn",
    "it was the last attempt",
    afterGuesses(1, wrong, 0),
    "invalid_password",
    { options: soonLocked, details: { limitRemaining: 0 } },
  ],
  [
    "signIn",
    "the account is locked, for the right password too",
    afterGuesses(2, {}, 0),
    "invalid_status",
    { options: soonLocked, details: { retryDelaySeconds: 900 } },
  ],
  [
    "signIn",
    "the account is locked for some time yet",
    afterGuesses(2, {}, 840),
    "invalid_status",
    { options: soonLocked, details: { retryDelaySeconds: 60 } },
  ],
  ["signIn", "too many passwords were wrong", afterGuesses(1, {}, 0), "captcha_required", { options: soonCaptcha }],
  ["signIn", "nobody has the name", byPassword("nobody"), "not_found"],
  ["signIn", "the name is empty", byPassword(""), "invalid_argument"],
  ["signIn", "the account has no password", byPassword(wang.phoneNumber), "password_not_set"],
  ["signIn", "the account is disabled", byPassword("blocked"), "user_blocked"],
  ["signIn", "the account is not activated", byPassword("pending"), "user_pending"],
  ["signIn", "passwords are switched off", byPassword(username), "unimplemented", { options: methodsOff }],
  ["signIn", "codes by SMS are switched off", byCode(wang.phoneNumber, 0), "unimplemented", { options: methodsOff }],
  ["signIn", "codes by e-mail are switched off", byCode(lihua.email, 0), "unimplemented", { options: methodsOff }],
  [
    "signIn",
    "the verification token is made up",
    ({ client }) => client.signIn({ verificationToken: "sentinel" }),
    "invalid_verification_code",
  ],
  ["signIn", "the verification token is spent", byCodeTwice, "invalid_verification_code"],
  ["signIn", "the verification token has expired", byCode(lihua.email, 600), "invalid_verification_code"],
  ["signIn", "nobody has the number of the code", byCode(newcomer, 0), "not_found"],
  [
    "signIn",
    "the client's secret is wrong",
    ({ createClient }) => createClient({ clientSecret: "sentinel" }).signIn({ username, password }),
    "unauthorized_client",
    { dialect: "skill" },
  ],
  [
    "signInAnonymously",
    "it is switched off",
    ({ client }) => client.signInAnonymously(),
    "unimplemented",
    { options: methodsOff },
  ],
  [
    "signInWithProvider",
    "the provider token is made up",
    ({ client }) => client.signInWithProvider({ providerToken: "sentinel" }),
    "invalid_grant",
  ],
  ["signInWithProvider", "the provider token has expired", byProvider(3600, {}), "invalid_grant"],
  ["signInWithProvider", "the provider token is spent", byProviderTwice, "invalid_grant"],
  ["signInWithProvider", "the token is of another one", byProvider(0, { providerId: "wechat" }), "invalid_argument"],
  [
    "signInWithProvider",
    "it must not make a user, and there is none",
    byProvider(0, { forceDisableSignUp: true }),
    "not_found",
  ],
  [
    "signInWithToken",
    "the server does not have it",
    ({ client }) => client.signInWithToken({ signinToken: "sentinel" }),
    "unimplemented",
  ],
  ["signInWithWechat", "the server does not have it", ({ client }) => client.signInWithWechat(), "unimplemented"],
];
