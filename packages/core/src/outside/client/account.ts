import type { CallOptions } from "../../words/client-options.ts";
import { done, readAs } from "./context.ts";
import type { Answered, ClientContext } from "./context.ts";
import { parseSudo } from "./user.ts";
import type { Recipient } from "./verification.ts";

interface ByUser {
  readonly accessToken: string;
}

/** The documented way needs `sudoToken`, the skill text's `oldPassword`; both may be given, the dialect picks. */
export interface ChangePasswordInput extends ByUser {
  readonly newPassword: string;
  readonly sudoToken?: string;
  readonly oldPassword?: string;
}

/** Members to change; the others stay. */
export interface EditInput extends ByUser {
  /** Another user's, with administrator rights. */
  readonly userId?: string;
  readonly nickname?: string;
  readonly username?: string;
  readonly description?: string;
  readonly avatarUrl?: string;
  readonly gender?: "MALE" | "FEMALE";
  readonly email?: string;
  readonly phone?: string;
  readonly password?: string;
  readonly newPassword?: string;
}

/** Changing an account; http-api/auth: user-sudo, user-update-password, user-edit-user-basic-info, user-delete-me. */
export interface AccountCalls {
  /** Proves the person once more, by password or code; the token opens sensitive calls for 15 minutes. */
  sudo(
    input: ByUser &
      (
        | { readonly password: string; readonly verificationToken?: undefined }
        | { readonly verificationToken: string; readonly password?: undefined }
      ),
    options?: CallOptions,
  ): Promise<Answered<{ readonly sudoToken: string; readonly expiresInSeconds?: number }>>;
  /** @throws TypeError without what the dialect needs */
  changePassword(input: ChangePasswordInput, options?: CallOptions): Promise<Answered<object>>;
  edit(input: EditInput, options?: CallOptions): Promise<Answered<object>>;
  /** The profile by its older endpoint, under wire names; in the official SDK only. */
  editProfile(
    input: ByUser & { readonly profile: Readonly<Record<string, string>> },
    options?: CallOptions,
  ): Promise<Answered<object>>;
  changeContact(
    input: ByUser &
      Recipient & {
        readonly sudoToken: string;
        readonly verificationToken: string;
        /** What becomes of another user who has this number or address. */
        readonly conflictResolution?: "DEFAULT" | "DELETE_ACCOUNT_TRANSFER" | "TRANSFER";
      },
    options?: CallOptions,
  ): Promise<Answered<object>>;
  /** @throws TypeError without the sudo token, which the documented way needs */
  delete(input: ByUser & { readonly sudoToken?: string }, options?: CallOptions): Promise<Answered<object>>;
}

export function createAccountCalls({ call, forms }: ClientContext): AccountCalls {
  const asUser = (accessToken: string) => ({ kind: "user", accessToken }) as const;
  return {
    async sudo({ accessToken, password, verificationToken }, options) {
      const body = { password, verification_token: verificationToken };
      const result = await call(
        { name: "user.sudo", method: "POST", path: "/auth/v1/user/sudo", as: asUser(accessToken), body },
        options,
      );
      return readAs("user.sudo", result, parseSudo);
    },
    async changePassword({ accessToken, newPassword, sudoToken, oldPassword }, options) {
      const name = "user.changePassword";
      const bySudo = forms.passwordChange === "sudo_token and new_password";
      if (bySudo && sudoToken === undefined) throw new TypeError(`${name} needs sudoToken; get one from user.sudo`);
      if (!bySudo && oldPassword === undefined) throw new TypeError(`${name} needs oldPassword in the skill dialect`);
      const body = { new_password: newPassword, old_password: oldPassword, sudo_token: bySudo ? sudoToken : undefined };
      // The documentation has the sudo token in the query, the official SDK in the body: each is on record.
      const query = { sudo_token: bySudo ? sudoToken : undefined };
      return done(
        await call(
          { name, method: "PATCH", path: "/auth/v1/user/password", as: asUser(accessToken), query, body },
          options,
        ),
      );
    },
    async edit({ accessToken, userId, avatarUrl, newPassword, ...same }, options) {
      const body = { ...same, user_id: userId, avatar_url: avatarUrl, new_password: newPassword };
      return done(
        await call(
          { name: "user.edit", method: "POST", path: "/auth/v1/user/basic/edit", as: asUser(accessToken), body },
          options,
        ),
      );
    },
    async editProfile({ accessToken, profile }, options) {
      const path = "/auth/v1/user/profile";
      return done(
        await call(
          { name: "user.editProfile", method: "PATCH", path, as: asUser(accessToken), body: profile },
          options,
        ),
      );
    },
    async changeContact(
      { accessToken, phoneNumber, email, sudoToken, verificationToken, conflictResolution },
      options,
    ) {
      const body = {
        phone_number: phoneNumber,
        email,
        sudo_token: sudoToken,
        verification_token: verificationToken,
        conflict_resolution: conflictResolution,
      };
      const path = "/auth/v1/user/contact";
      return done(
        await call({ name: "user.changeContact", method: "PATCH", path, as: asUser(accessToken), body }, options),
      );
    },
    async delete({ accessToken, sudoToken }, options) {
      const bySudo = forms.accountDeletion === "sudo_token";
      if (bySudo && sudoToken === undefined) throw new TypeError("user.delete needs sudoToken; get one from user.sudo");
      const query = { sudo_token: bySudo ? sudoToken : undefined };
      return done(
        await call(
          { name: "user.delete", method: "DELETE", path: "/auth/v1/user/me", as: asUser(accessToken), query },
          options,
        ),
      );
    },
  };
}
