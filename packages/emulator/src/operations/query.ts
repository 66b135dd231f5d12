import { ApiError } from "../errors.ts";
import type { Environment } from "../state/environment.ts";
import type { User } from "../state/users.ts";
import { readText, requireText } from "./fields.ts";
import type { Fields } from "./fields.ts";
import type { ClientCall, UserCall } from "./operation.ts";
import { requireUsername } from "./username.ts";

const mostIds = 50;

/**
 * GET /auth/v1/user/query (official SDK): users by `id` (up to 50 of them, repeated or with commas), `username`,
 * `email` or `phone_number`; whole values only. Whoever matches one of them is in the answer.
 *
 * @throws ApiError permission_denied for anonymous users and custom sign-in, invalid_argument
 */
export function queryUsers({ users }: Environment, { query, caller }: UserCall): object {
  if (caller.scope === "anonymous" || caller.claims["provider_type"] === "custom") {
    throw new ApiError("permission_denied", "anonymous users and custom sign-in may not query users");
  }
  const ids = readIds(query);
  const logins = ["username", "email", "phone_number"].map((name) => readText(query, name));
  if (ids.length === 0 && logins.every((login) => login === undefined)) {
    throw new ApiError("invalid_argument", "one of id, username, email and phone_number is required");
  }
  const found = [
    ...ids.map((id) => users.bySub(id)),
    // An unescaped "+" in a query means a space; no address starts with one.
    ...logins.map((login) => (login === undefined ? undefined : users.find(login.replace(/^ /, "+")))),
  ].filter((user) => user !== undefined);
  const data = [...new Set(found)].map((user) => simpleProfile(user));
  return { total: data.length, data };
}

/**
 * GET /auth/v1/checkUsername (official SDK): `{}` when the name can still be had. The SDK sends a body with GET; the
 * query is read too.
 *
 * @throws ApiError invalid_argument, already_exists
 */
export function checkUsername({ users }: Environment, { body, query }: UserCall): object {
  const username = requireUsername(readText(body, "username") ?? requireText(query, "username"));
  if (users.find(username)) throw new ApiError("already_exists", "username is taken");
  return {};
}

/** GET /auth/v1/checkIfUserExist (official SDK): whether somebody signs in with `username`, of whichever kind. */
export function checkIfUserExists({ users }: Environment, { query }: ClientCall): object {
  return { exist: users.find(requireText(query, "username").replace(/^ /, "+")) !== undefined };
}

function readIds(query: Fields): readonly string[] {
  const value = Object.hasOwn(query, "id") ? query["id"] : undefined;
  const values: unknown[] = value === undefined ? [] : [value].flat();
  const ids = values.flatMap((id) => (typeof id === "string" ? id.split(",") : [])).filter((id) => id !== "");
  if (ids.length > mostIds) throw new ApiError("invalid_argument", `at most ${String(mostIds)} ids`);
  return ids;
}

function simpleProfile({ sub, name, picture, gender, locale, email, phoneNumber }: User): object {
  return { sub, name, picture, gender, locale, email, phone_number: phoneNumber };
}
