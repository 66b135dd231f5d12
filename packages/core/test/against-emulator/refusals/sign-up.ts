import { enter, newcomer, prove, recipient, vouch } from "../support/people.ts";
import type { Refusal } from "../support/refusal.ts";
import { lihua, methodsOff, password } from "../support/stage.ts";
import type { Scene } from "../support/stage.ts";

/** With a code of one number or address, for this or another one, after so long. */
const signUp =
  (
    proved: string,
    { to = proved, seconds = 0, ...further }: { to?: string; seconds?: number; username?: string } = {},
  ) =>
  async (scene: Scene) => {
    const proof = await prove(scene, proved);
    scene.emulator.clock.advance(seconds);
    return scene.client.signUp({ ...recipient(to), ...proof, ...further });
  };

async function twice(scene: Scene): Promise<unknown> {
  const proof = await prove(scene, newcomer);
  const { accessToken } = await scene.client.signUp({ phoneNumber: newcomer, ...proof });
  await scene.client.user.edit({ accessToken, phone: "+86 13900000009" });
  return scene.client.signUp({ phoneNumber: newcomer, ...proof });
}

async function byBoundAccount(scene: Scene): Promise<unknown> {
  const session = await enter(scene);
  await scene.client.providers.bind({ ...session, providerToken: await vouch(scene, "at-provider-1") });
  return scene.client.signUp({ providerToken: await vouch(scene, "at-provider-1") });
}

const asAnonymous = (anonymousToken: (scene: Scene) => Promise<string>) => async (scene: Scene) => {
  const token = await anonymousToken(scene);
  return scene.client.signUp({ phoneNumber: newcomer, ...(await prove(scene, newcomer)), anonymousToken: token });
};

const withCode = (verificationCode: string) => async (scene: Scene) => {
  const { verificationToken } = await prove(scene, newcomer);
  return scene.client.signUp({ phoneNumber: newcomer, verificationToken, verificationCode });
};

const reset =
  (proved: string, { to = proved, newPassword = `${password}-new`, seconds = 0 } = {}) =>
  async (scene: Scene) => {
    const { verificationToken } = await prove(scene, proved);
    scene.emulator.clock.advance(seconds);
    return scene.client.resetPassword({ ...recipient(to), newPassword, verificationToken });
  };

export const signUpRefusals: readonly Refusal[] = [
  ["signUp", "the phone number is somebody's", signUp(lihua.phoneNumber), "failed_precondition"],
  ["signUp", "the e-mail address is somebody's", signUp(lihua.email), "failed_precondition"],
  ["signUp", "the name is somebody's", signUp(newcomer, { username: lihua.username }), "failed_precondition"],
  ["signUp", "the third party's account is somebody's", byBoundAccount, "failed_precondition"],
  ["signUp", "the name may not be had", signUp(newcomer, { username: "李华" }), "invalid_argument"],
  ["signUp", "the code was for another number", signUp(newcomer, { to: "+86 13900000009" }), "invalid_argument"],
  ["signUp", "the number is none", signUp(newcomer, { to: "+8613900000000" }), "invalid_phone_number"],
  ["signUp", "the verification token has expired", signUp(newcomer, { seconds: 600 }), "invalid_verification_code"],
  ["signUp", "the verification token is spent", twice, "invalid_verification_code"],
  [
    "signUp",
    "the code beside the token is wrong",
    withCode("sentinel"),
    "invalid_verification_code",
    { dialect: "skill" },
  ],
  ["signUp", "phone numbers are switched off", signUp(newcomer), "unimplemented", { options: methodsOff }],
  [
    "signUp",
    "the provider token is made up",
    ({ client }) => client.signUp({ providerToken: "sentinel" }),
    "invalid_grant",
  ],
  [
    "signUp",
    "the anonymous user is none",
    asAnonymous(async (scene) => (await enter(scene)).accessToken),
    "invalid_grant",
  ],
  [
    "signUp",
    "the anonymous user is somebody already",
    asAnonymous(async (scene) => {
      const { accessToken } = await scene.client.signInAnonymously();
      await scene.client.providers.bind({ accessToken, providerToken: await vouch(scene, "at-provider-1") });
      return accessToken;
    }),
    "failed_precondition",
  ],
  ["resetPassword", "the password is weak", reset(lihua.email, { newPassword: "sentinel" }), "weak_password"],
  ["resetPassword", "the code was for another one", reset(newcomer, { to: lihua.email }), "invalid_argument"],
  ["resetPassword", "the number is none", reset(newcomer, { to: "+123" }), "invalid_phone_number"],
  ["resetPassword", "nobody has the number", reset(newcomer), "not_found"],
  ["resetPassword", "the token has expired", reset(lihua.email, { seconds: 600 }), "invalid_verification_code"],
  [
    "resetPassword",
    "there is no token",
    ({ client }) => client.resetPassword({ email: lihua.email, newPassword: password, verificationToken: "" }),
    "invalid_argument",
  ],
];
