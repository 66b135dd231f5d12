import { parsePublicProfiles, parseUserProfile } from "../../protocol/api-answers.ts";
import { booleanMember, numberMember, textMember } from "../../protocol/members.ts";
import type { StrictObject } from "../../protocol/strict-json.ts";
import type { CallOptions } from "../../words/client-options.ts";
import type { PublicProfile, UserProfile } from "../../words/profile.ts";
import { done, readAs } from "./context.ts";
import type { Answered, ClientContext } from "./context.ts";

interface ByUser {
  /** Of the user on whose behalf the call is made. */
  readonly accessToken: string;
}

/** Looking at users and their sessions; http-api/auth/user-me and its neighbours. */
export interface UserReadCalls {
  me(
    input: ByUser & { readonly withDepartment?: boolean; readonly withRole?: boolean },
    options?: CallOptions,
  ): Promise<Answered<UserProfile>>;
  /** Other users by ids (up to 50), name, e-mail or phone number; not for anonymous and custom-login users. */
  query(
    input: ByUser & {
      readonly id?: readonly string[];
      readonly username?: string;
      readonly email?: string;
      readonly phoneNumber?: string;
    },
    options?: CallOptions,
  ): Promise<Answered<{ readonly total: number; readonly users: readonly PublicProfile[] }>>;
  /** Whether a user of this name exists. In the official SDK only. */
  exists(input: { readonly username: string }, options?: CallOptions): Promise<Answered<{ readonly exists: boolean }>>;
  /** Resolves if the name may be taken. In the official SDK only. */
  checkUsername(input: ByUser & { readonly username: string }, options?: CallOptions): Promise<Answered<object>>;
  /**
   * Sign-ins (`logins`) or everything else (`changes`). In the official SDK only, and how the list is wrapped is not
   * documented: `answer` is what came.
   */
  history(
    input: ByUser & { readonly of: "logins" | "changes"; readonly limit: number; readonly pageToken?: string },
    options?: CallOptions,
  ): Promise<Answered<{ readonly answer: StrictObject }>>;
  /** What the low-code platform knows of the user. In the official SDK only; its members are not documented. */
  wedaInfo(input: ByUser, options?: CallOptions): Promise<Answered<{ readonly answer: StrictObject }>>;
  /** Ends all sessions of the user. In the official SDK only. */
  revokeAll(input: ByUser, options?: CallOptions): Promise<Answered<object>>;
  /** Ends the sessions of one device. In the official SDK only. */
  revokeDevice(input: ByUser & { readonly device: string }, options?: CallOptions): Promise<Answered<object>>;
}

export function createUserReadCalls({ call }: ClientContext): UserReadCalls {
  const asUser = (accessToken: string) => ({ kind: "user", accessToken }) as const;
  return {
    async me({ accessToken, withDepartment, withRole }, options) {
      const query = { with_department: withDepartment, with_role: withRole };
      const result = await call(
        { name: "user.me", method: "GET", path: "/auth/v1/user/me", as: asUser(accessToken), query },
        options,
      );
      return readAs("user.me", result, parseUserProfile);
    },
    async query({ accessToken, id, username, email, phoneNumber }, options) {
      const query = { id, username, email, phone_number: phoneNumber };
      const result = await call(
        { name: "user.query", method: "GET", path: "/auth/v1/user/query", as: asUser(accessToken), query },
        options,
      );
      return readAs("user.query", result, (answer) => {
        const users = parsePublicProfiles(answer);
        return { total: numberMember(answer, "total") ?? users.length, users };
      });
    },
    async exists({ username }, options) {
      const path = "/auth/v1/checkIfUserExist";
      const result = await call(
        { name: "user.exists", method: "GET", path, as: { kind: "client" }, query: { username } },
        options,
      );
      return readAs("user.exists", result, (answer) => {
        const exists = booleanMember(answer, "exist");
        return exists === undefined ? undefined : { exists };
      });
    },
    async checkUsername({ accessToken, username }, options) {
      const path = "/auth/v1/checkUsername";
      // The official SDK gives a GET a body here; a query is what every server and proxy lets through.
      return done(
        await call(
          { name: "user.checkUsername", method: "GET", path, as: asUser(accessToken), query: { username } },
          options,
        ),
      );
    },
    async history({ accessToken, of, limit, pageToken }, options) {
      const filter = of === "logins" ? "query[action]" : "ne_query[action]";
      const query = { [filter]: "USER_LOGIN", limit, page_token: pageToken };
      const path = "/auth/v1/user/security/history";
      return keepAnswer(
        await call({ name: "user.history", method: "GET", path, as: asUser(accessToken), query }, options),
      );
    },
    async wedaInfo({ accessToken }, options) {
      const path = "/auth/v1/plugin/weda/userinfo";
      return keepAnswer(await call({ name: "user.wedaInfo", method: "GET", path, as: asUser(accessToken) }, options));
    },
    async revokeAll({ accessToken }, options) {
      const path = "/auth/v1/user/revoke/all";
      return done(await call({ name: "user.revokeAll", method: "DELETE", path, as: asUser(accessToken) }, options));
    },
    async revokeDevice({ accessToken, device }, options) {
      const path = `/auth/v1/user/authorized/devices/${encodeURIComponent(device)}`;
      const template = "/auth/v1/user/authorized/devices/{device}";
      return done(
        await call({ name: "user.revokeDevice", method: "DELETE", path, template, as: asUser(accessToken) }, options),
      );
    },
  };
}

function keepAnswer({ answer, requestId }: { readonly answer: StrictObject; readonly requestId: string }) {
  return { answer, requestId };
}

/** The token of `user.sudo`. */
export function parseSudo(
  answer: StrictObject,
): { readonly sudoToken: string; readonly expiresInSeconds?: number } | undefined {
  const sudoToken = textMember(answer, "sudo_token");
  const expiresInSeconds = numberMember(answer, "expires_in");
  if (sudoToken === undefined) return undefined;
  return { sudoToken, ...(expiresInSeconds === undefined ? {} : { expiresInSeconds }) };
}
