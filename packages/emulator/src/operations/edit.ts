import { ApiError } from "../errors.ts";
import { isEmail, isPhoneNumber } from "../state/address.ts";
import type { Environment } from "../state/environment.ts";
import { hashPassword } from "../state/passwords.ts";
import type { User } from "../state/users.ts";
import { isAdministrator, noteChange, requireAccount } from "./account.ts";
import { readText } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { readMe } from "./me.ts";
import type { UserCall } from "./operation.ts";
import { checkPassword, requireStrongPassword } from "./password-check.ts";
import { requireUsername } from "./username.ts";

/**
 * POST /auth/v1/user/basic/edit (docs.cloudbase.net http-api/auth/user-edit-user-basic-info). Somebody else's `user_id`
 * needs a token of client credentials. `email` and `phone` are taken without a code, as nothing there names one. A
 * `new_password` needs the old `password`, where there is one.
 *
 * @throws ApiError permission_denied, not_found, invalid_argument, invalid_phone_number, already_exists,
 *   what a wrong password throws, weak_password, unimplemented for the encrypted form
 */
export async function editBasicInfo(environment: Environment, call: UserCall): Promise<object> {
  const { body, caller } = call;
  for (const name of ["encrypt_password", "encrypt_new_password", "public_key_thumbprint"]) {
    if (readText(body, name) !== undefined) {
      throw new ApiError("unimplemented", "this emulator has no key for encrypted passwords: send them as they are");
    }
  }
  const user = userToEdit(environment, call);
  const changes = parseChanges(body);
  const newPassword = readText(body, "new_password");
  const hashed = newPassword === undefined ? undefined : await newPasswordFor(environment, user, newPassword, call);

  if (environment.users.taken(changes, user.sub) !== undefined) {
    throw new ApiError("already_exists", "phone number, email or username belongs to another user");
  }
  environment.users.change(user.sub, changes);
  if (hashed) {
    environment.users.setPassword(user.sub, hashed);
    const current = caller.atHash === undefined ? undefined : environment.sessions.ofAccessToken(caller.atHash);
    environment.sessions.endRefreshTokens(user.sub, current);
  }
  const changed = [...Object.keys(changes), ...(hashed ? ["password"] : [])];
  if (changed.length > 0) noteChange(environment, user.sub, caller.clientId, call, changed.join(" "));
  return {};
}

/**
 * PATCH /auth/v1/user/profile (official SDK, deprecated there): changes the members of a profile that are no login,
 * and answers the whole profile.
 *
 * @throws ApiError permission_denied, invalid_argument, already_exists
 */
export function editProfile(environment: Environment, call: UserCall): object {
  const { body, caller } = call;
  const user = requireAccount(environment, caller);
  const username = readText(body, "username");
  const changes = present({
    username: username === undefined ? undefined : requireUsername(username),
    name: readText(body, "name"),
    picture: readText(body, "picture"),
    gender: readText(body, "gender"),
    locale: readText(body, "locale"),
    birthdate: readText(body, "birthdate"),
    zoneinfo: readText(body, "zoneinfo"),
  });
  if (environment.users.taken(changes, user.sub) !== undefined) {
    throw new ApiError("already_exists", "username belongs to another user");
  }
  environment.users.change(user.sub, changes);
  return readMe(environment, call);
}

function userToEdit(environment: Environment, { body, caller }: UserCall): User {
  const userId = readText(body, "user_id");
  if (userId === undefined || userId === caller.sub) return requireAccount(environment, caller);
  if (!isAdministrator(caller)) throw new ApiError("permission_denied", "only an administrator may edit another user");
  const user = environment.users.bySub(userId);
  if (!user) throw new ApiError("not_found", "user does not exist");
  return user;
}

function parseChanges(body: Fields) {
  const gender = readText(body, "gender");
  if (gender !== undefined && gender !== "MALE" && gender !== "FEMALE") {
    throw new ApiError("invalid_argument", "gender must be MALE or FEMALE");
  }
  const email = readText(body, "email");
  if (email !== undefined && !isEmail(email)) throw new ApiError("invalid_argument", "email is not an e-mail address");
  const phoneNumber = readText(body, "phone");
  if (phoneNumber !== undefined && !isPhoneNumber(phoneNumber)) {
    throw new ApiError("invalid_phone_number", 'phone must look like "+86 13800000000"');
  }
  const username = readText(body, "username");
  return present({
    username: username === undefined ? undefined : requireUsername(username),
    name: readText(body, "nickname"),
    description: readText(body, "description"),
    picture: readText(body, "avatar_url"),
    gender,
    email,
    phoneNumber,
  });
}

/** An administrator needs no old password. */
async function newPasswordFor(environment: Environment, user: User, newPassword: string, call: UserCall) {
  const old = readText(call.body, "password");
  if (user.password && !isAdministrator(call.caller)) {
    if (old === undefined) throw new ApiError("invalid_argument", "password, the old one, is required");
    await checkPassword(environment, user, old, call);
  }
  requireStrongPassword(newPassword);
  return hashPassword(newPassword);
}

/** Only what was sent is changed. */
function present<Changes extends object>(changes: Changes): Partial<Changes> {
  const sent: Partial<Changes> = { ...changes };
  for (const name in sent) if (sent[name] === undefined) delete sent[name];
  return sent;
}
