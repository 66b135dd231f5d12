import { anonymously, elevate, prove, signedIn } from "../support/people.ts";
import type { Refusal } from "../support/refusal.ts";
import { password, wang } from "../support/stage.ts";

const newPassword = `${password}-new`;
const weak = "sentinel";
const documented = { dialect: "documented" } as const;
const skill = { dialect: "skill" } as const;

const change = (input: { sudoToken?: string; oldPassword?: string; newPassword: string }) =>
  signedIn(({ client }, { accessToken }) =>
    client.user.changePassword({ accessToken, oldPassword: password, ...input }),
  );

/** With a sudo token of somebody that was there for so long. */
const changeElevated = (seconds: number, given: { oldPassword?: string; newPassword: string }) =>
  signedIn(async (scene, session) => {
    const sudoToken = await elevate(scene, session);
    scene.emulator.clock.advance(seconds);
    return scene.client.user.changePassword({ ...session, sudoToken, ...given });
  });

const sudoByCode = (to: string) =>
  signedIn(async (scene, { accessToken }) => {
    const { verificationToken } = await prove(scene, to);
    return scene.client.user.sudo({ accessToken, verificationToken });
  });

export const passwordRefusals: readonly Refusal[] = [
  [
    "user.sudo",
    "the password is wrong",
    signedIn(({ client }, { accessToken }) => client.user.sudo({ accessToken, password: "a-wrong-sentinel" })),
    "invalid_password",
    { details: { limitRemaining: 9 } },
  ],
  [
    "user.sudo",
    "there is no password",
    signedIn(({ client }, { accessToken }) => client.user.sudo({ accessToken, password }), wang.phoneNumber),
    "password_not_set",
  ],
  [
    "user.sudo",
    "the verification token is made up",
    signedIn(({ client }, { accessToken }) => client.user.sudo({ accessToken, verificationToken: "sentinel" })),
    "invalid_verification_code",
  ],
  ["user.sudo", "the code is of somebody else", sudoByCode(wang.phoneNumber), "permission_denied"],
  [
    "user.sudo",
    "a phone number is bound and wants a code",
    signedIn(({ client }, { accessToken }) => client.user.sudo({ accessToken, password })),
    "failed_precondition",
    { options: { settings: { sudoNeedsCode: true } } },
  ],
  [
    "user.changePassword",
    "the sudo token is made up",
    change({ sudoToken: "sentinel", newPassword }),
    "permission_denied",
    documented,
  ],
  [
    "user.changePassword",
    "the sudo token has expired",
    changeElevated(900, { newPassword }),
    "permission_denied",
    documented,
  ],
  [
    "user.changePassword",
    "the sudo token is empty, and there is a password",
    signedIn(({ client }, { accessToken }) => client.user.changePassword({ accessToken, newPassword, sudoToken: "" })),
    "permission_denied",
    documented,
  ],
  ["user.changePassword", "the new one is weak", changeElevated(0, { newPassword: weak }), "weak_password", documented],
  [
    "user.changePassword",
    "the old one beside it is wrong",
    changeElevated(0, { newPassword, oldPassword: "a-wrong-sentinel" }),
    "invalid_password",
    { ...documented, details: { limitRemaining: 9 } },
  ],
  [
    "user.changePassword",
    "the old one is wrong",
    change({ newPassword, oldPassword: "a-wrong-sentinel" }),
    "invalid_password",
    { ...skill, details: { limitRemaining: 9 } },
  ],
  [
    "user.changePassword",
    "there is no account",
    anonymously(({ client }, accessToken) =>
      client.user.changePassword({ accessToken, newPassword, sudoToken: "", oldPassword: "" }),
    ),
    "permission_denied",
  ],
];
