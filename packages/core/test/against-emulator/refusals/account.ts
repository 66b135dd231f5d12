import { anonymously, elevate, enter, join, newcomer, prove, recipient, signedIn } from "../support/people.ts";
import type { Refusal } from "../support/refusal.ts";
import { apiKey, lihua, password, wang } from "../support/stage.ts";
import type { Scene } from "../support/stage.ts";

const newPassword = `${password}-new`;
const weak = "sentinel";
const documented = { dialect: "documented" } as const;
const skill = { dialect: "skill" } as const;

const edit = (changes: object) =>
  signedIn(({ client }, { accessToken }) => client.user.edit({ accessToken, ...changes }));

/** To a number or address that was proved, and with a sudo token, but for what is given otherwise. */
const contact = (proved: string, otherwise: { to?: string; sudoToken?: string; verificationToken?: string } = {}) =>
  signedIn(async (scene, session) => {
    const { to = proved, ...given } = otherwise;
    const sudoToken = await elevate(scene, session);
    const { verificationToken } = await prove(scene, proved);
    const { accessToken } = session;
    return scene.client.user.changeContact({ accessToken, ...recipient(to), sudoToken, verificationToken, ...given });
  });

async function deleteWithAnothersSudo(scene: Scene): Promise<unknown> {
  const sudoToken = await elevate(scene, await enter(scene));
  return scene.client.user.delete({ ...(await join(scene)), sudoToken });
}

async function editNobody({ client }: Scene): Promise<unknown> {
  const { accessToken } = await client.clientCredential(apiKey);
  return client.user.edit({ accessToken, userId: "1", nickname: "n" });
}

async function editAnother(scene: Scene): Promise<unknown> {
  const { sub } = await enter(scene, wang.phoneNumber);
  return scene.client.user.edit({ ...(await enter(scene)), userId: sub, nickname: "n" });
}

export const accountRefusals: readonly Refusal[] = [
  ["user.edit", "it is somebody else's account", editAnother, "permission_denied"],
  ["user.edit", "there is no such user", editNobody, "not_found"],
  ["user.edit", "the number is somebody's", edit({ phone: wang.phoneNumber }), "already_exists"],
  ["user.edit", "the number is none", edit({ phone: "1" }), "invalid_phone_number"],
  ["user.edit", "the name may not be had", edit({ username: "_" }), "invalid_argument"],
  [
    "user.edit",
    "the old password is wrong",
    edit({ newPassword, password: "a-wrong-sentinel" }),
    "invalid_password",
    { details: { limitRemaining: 9 } },
  ],
  ["user.edit", "the old password is not there", edit({ newPassword }), "invalid_argument"],
  ["user.edit", "the new password is weak", edit({ newPassword: weak, password }), "weak_password"],
  [
    "user.editProfile",
    "the name is somebody's",
    signedIn(
      ({ client }, { accessToken }) => client.user.editProfile({ accessToken, profile: { username: lihua.username } }),
      wang.phoneNumber,
    ),
    "already_exists",
  ],
  [
    "user.editProfile",
    "there is no account",
    anonymously(({ client }, accessToken) => client.user.editProfile({ accessToken, profile: { name: "n" } })),
    "permission_denied",
  ],
  [
    "user.changeContact",
    "the sudo token is made up",
    contact(newcomer, { sudoToken: "sentinel" }),
    "permission_denied",
  ],
  ["user.changeContact", "the sudo token is empty", contact(newcomer, { sudoToken: "" }), "permission_denied"],
  ["user.changeContact", "the number is somebody's", contact(wang.phoneNumber), "already_exists"],
  [
    "user.changeContact",
    "the code was for another number",
    contact(newcomer, { to: "+86 13900000009" }),
    "invalid_argument",
  ],
  [
    "user.changeContact",
    "the verification token is made up",
    contact(newcomer, { verificationToken: "sentinel" }),
    "invalid_verification_code",
  ],
  [
    "user.delete",
    "the sudo token is made up",
    signedIn(({ client }, { accessToken }) => client.user.delete({ accessToken, sudoToken: "sentinel" })),
    "permission_denied",
    documented,
  ],
  ["user.delete", "the sudo token is somebody else's", deleteWithAnothersSudo, "permission_denied", documented],
  [
    "user.delete",
    "there is no account",
    anonymously(({ client }, accessToken) => client.user.delete({ accessToken })),
    "not_found",
    skill,
  ],
];
