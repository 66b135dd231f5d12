import { at, bearer, id } from "./row.ts";
import type { WireRow } from "./row.ts";

export const userRows: readonly WireRow[] = [
  {
    title: "user.me",
    call: (client) => client.user.me({ ...at, withRole: true }),
    documented: ["GET /auth/v1/user/me?with_role=true", bearer, undefined],
  },
  {
    title: "user.sudo",
    call: (client) => client.user.sudo({ ...at, password: "p" }),
    documented: ["POST /auth/v1/user/sudo", bearer, { password: "p" }],
  },
  {
    title: "user.changePassword",
    call: (client) => client.user.changePassword({ ...at, sudoToken: "st", oldPassword: "o", newPassword: "n" }),
    documented: [
      "PATCH /auth/v1/user/password?sudo_token=st",
      bearer,
      { new_password: "n", old_password: "o", sudo_token: "st" },
    ],
    skill: ["PATCH /auth/v1/user/password", bearer, { new_password: "n", old_password: "o" }],
  },
  {
    title: "user.delete",
    call: (client) => client.user.delete({ ...at, sudoToken: "st" }),
    documented: ["DELETE /auth/v1/user/me?sudo_token=st", bearer, undefined],
    skill: ["DELETE /auth/v1/user/me", bearer, undefined],
  },
  {
    title: "user.edit",
    call: (client) =>
      client.user.edit({ ...at, nickname: "n", avatarUrl: "a", gender: "FEMALE", newPassword: "np", password: "p" }),
    documented: [
      "POST /auth/v1/user/basic/edit",
      bearer,
      { nickname: "n", gender: "FEMALE", password: "p", avatar_url: "a", new_password: "np" },
    ],
  },
  {
    title: "user.editProfile",
    call: (client) => client.user.editProfile({ ...at, profile: { name: "n" } }),
    documented: ["PATCH /auth/v1/user/profile", bearer, { name: "n" }],
  },
  {
    title: "user.changeContact",
    call: (client) =>
      client.user.changeContact({
        ...at,
        phoneNumber: "+86 13900000000",
        sudoToken: "st",
        verificationToken: "vt",
        conflictResolution: "TRANSFER",
      }),
    documented: [
      "PATCH /auth/v1/user/contact",
      bearer,
      { phone_number: "+86 13900000000", sudo_token: "st", verification_token: "vt", conflict_resolution: "TRANSFER" },
    ],
  },
  {
    title: "user.query",
    call: (client) => client.user.query({ ...at, id: ["1", "2"], email: "a@b.example" }),
    documented: ["GET /auth/v1/user/query?id=1&id=2&email=a%40b.example", bearer, undefined],
  },
  {
    title: "user.exists",
    call: (client) => client.user.exists({ username: "u" }),
    documented: [`GET /auth/v1/checkIfUserExist?username=u&${id}`, undefined, undefined],
  },
  {
    title: "user.checkUsername",
    call: (client) => client.user.checkUsername({ ...at, username: "u" }),
    documented: ["GET /auth/v1/checkUsername?username=u", bearer, undefined],
  },
  {
    title: "user.history",
    call: (client) => client.user.history({ ...at, of: "changes", limit: 10, pageToken: "p" }),
    documented: [
      "GET /auth/v1/user/security/history?ne_query%5Baction%5D=USER_LOGIN&limit=10&page_token=p",
      bearer,
      undefined,
    ],
  },
  {
    title: "user.wedaInfo",
    call: (client) => client.user.wedaInfo(at),
    documented: ["GET /auth/v1/plugin/weda/userinfo", bearer, undefined],
  },
  {
    title: "user.revokeAll",
    call: (client) => client.user.revokeAll(at),
    documented: ["DELETE /auth/v1/user/revoke/all", bearer, undefined],
  },
  {
    title: "user.revokeDevice",
    call: (client) => client.user.revokeDevice({ ...at, device: "d/1" }),
    documented: ["DELETE /auth/v1/user/authorized/devices/d%2F1", bearer, undefined],
  },
];
