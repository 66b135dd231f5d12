import { isEmail, isPhoneNumber } from "../state/address.ts";
import { parseStoredKey } from "../state/keys.ts";
import type { SigningKey } from "../state/keys.ts";
import type { PasswordHash } from "../state/passwords.ts";
import type { StoredSession } from "../state/sessions.ts";
import { loginKey, loginsOf } from "../state/users.ts";
import type { Identity, UserStatus } from "../state/users.ts";
import { readMembers, wrong } from "./members.ts";
import type { Members } from "./members.ts";
import type { CheckedState, CheckedUser } from "./stored-state.ts";

/**
 * Reads what `export()` gave, or what a person wrote: only `version` is needed, and a user needs one login.
 *
 * @throws TypeError that names the place and what it may be
 */
export function parseState(value: unknown, envId: string): CheckedState {
  const state = readMembers(value, "", [
    "version",
    "envId",
    "issuer",
    "keys",
    "users",
    "removedSubs",
    "sessions",
    "revokedTokens",
  ]);
  if (state.raw("version") !== 1) throw wrong("version", "must be 1, the version that this emulator reads");
  const from = state.optionalText("envId") ?? envId;
  if (from !== envId) throw wrong("envId", `is another environment than this emulator's "${envId}"`);
  const users = state.list("users", parseUser);
  refuseRepeated(users);
  return {
    issuer: state.optionalText("issuer"),
    keys: parseKeys(state),
    users,
    removedSubs: state.texts("removedSubs"),
    sessions: state.list("sessions", parseSession),
    revokedTokens: state.texts("revokedTokens"),
  };
}

function parseKeys(state: Members): readonly [SigningKey, SigningKey] | undefined {
  const [current, next, ...others] = state.list("keys", parseKey);
  if (!current) return undefined;
  if (!next || others.length > 0) throw wrong("keys", "must be two: the one that signs, and the next one");
  if (current.published.kid === next.published.kid) throw wrong("keys", "must have different kids");
  return [current, next];
}

function parseKey(value: unknown, at: string): SigningKey {
  const key = readMembers(value, at, ["kid", "pkcs8"]);
  try {
    return parseStoredKey({ kid: key.text("kid"), pkcs8: key.text("pkcs8") });
  } catch (cause) {
    if (!(cause instanceof TypeError) || cause.message.startsWith("state:")) throw cause;
    throw wrong(key.at("pkcs8"), cause.message, cause);
  }
}

const profileTexts = [
  "username",
  "email",
  "phoneNumber",
  "name",
  "picture",
  "gender",
  "locale",
  "birthdate",
  "zoneinfo",
  "description",
] as const;
const userTimes = ["createdAt", "updatedAt", "passwordUpdatedAt", "lastLoginAt"] as const;

function parseUser(value: unknown, at: string): CheckedUser {
  const user = readMembers(value, at, [
    "sub",
    "groups",
    "password",
    "identities",
    "status",
    ...profileTexts,
    ...userTimes,
  ]);
  const email = user.optionalText("email");
  if (email !== undefined && !isEmail(email)) throw wrong(user.at("email"), "must be an e-mail address");
  const phoneNumber = user.optionalText("phoneNumber");
  if (phoneNumber !== undefined && !isPhoneNumber(phoneNumber)) {
    throw wrong(user.at("phoneNumber"), 'must look like "+86 13800000000"');
  }
  const logins = { username: user.optionalText("username"), email, phoneNumber };
  const identities = user.list("identities", parseIdentity);
  if (loginsOf(logins).length + identities.length === 0) {
    throw wrong(at, "needs a username, an email or a phoneNumber");
  }
  return {
    ...logins,
    identities: identities.length > 0 ? identities : undefined,
    status: parseStatus(user),
    birthdate: user.optionalText("birthdate"),
    zoneinfo: user.optionalText("zoneinfo"),
    description: user.optionalText("description"),
    sub: user.optionalText("sub"),
    name: user.optionalText("name"),
    picture: user.optionalText("picture"),
    gender: user.optionalText("gender"),
    locale: user.optionalText("locale"),
    groups: user.texts("groups"),
    password: parsePassword(user),
    createdAt: user.optionalTime("createdAt"),
    updatedAt: user.optionalTime("updatedAt"),
    passwordUpdatedAt: user.optionalTime("passwordUpdatedAt"),
    lastLoginAt: user.optionalTime("lastLoginAt"),
  };
}

function parseIdentity(value: unknown, at: string): Identity {
  const identity = readMembers(value, at, ["providerId", "providerUserId", "name", "picture"]);
  return {
    providerId: identity.text("providerId"),
    providerUserId: identity.text("providerUserId"),
    name: identity.optionalText("name"),
    picture: identity.optionalText("picture"),
  };
}

function parseStatus(user: Members): UserStatus | undefined {
  const status = user.optionalText("status");
  if (status === undefined || status === "ACTIVE" || status === "PENDING" || status === "BLOCKED") return status;
  throw wrong(user.at("status"), "must be ACTIVE, PENDING or BLOCKED");
}

/** In plain text, for people; or as the hash that an export has. */
function parsePassword(user: Members): PasswordHash | string | undefined {
  const value = user.raw("password");
  if (value === undefined || typeof value === "string") return user.optionalText("password");
  const password = readMembers(value, user.at("password"), ["algorithm", "salt", "hash"]);
  if (password.text("algorithm") !== "scrypt") throw wrong(password.at("algorithm"), 'must be "scrypt"');
  const salt = Buffer.from(password.text("salt"), "base64url");
  const hash = Buffer.from(password.text("hash"), "base64url");
  if (hash.length !== 32) throw wrong(password.at("hash"), "must be 32 bytes in base64url");
  return { salt, hash };
}

function parseSession(value: unknown, at: string): StoredSession {
  const session = readMembers(value, at, [
    "sub",
    "clientId",
    "providerType",
    "providerSub",
    "deviceId",
    "madeUp",
    "revoked",
    "atHashes",
    "refresh",
  ]);
  const providerType = session.text("providerType");
  const providerSub = session.optionalText("providerSub");
  if (providerSub === undefined && !["username", "phone", "email", "anonymous"].includes(providerType)) {
    throw wrong(session.at("providerType"), "must be username, phone or email");
  }
  const refresh = session.raw("refresh");
  const live = refresh === undefined ? undefined : readMembers(refresh, session.at("refresh"), ["atHash", "expiresAt"]);
  return {
    sub: session.text("sub"),
    clientId: session.text("clientId"),
    providerType,
    providerSub,
    deviceId: session.optionalText("deviceId"),
    madeUp: session.optionalFields("madeUp"),
    revoked: session.flag("revoked"),
    atHashes: session.texts("atHashes"),
    refresh: live && { atHash: live.text("atHash"), expiresAt: live.time("expiresAt") },
  };
}

function refuseRepeated(users: readonly CheckedUser[]): void {
  const seen = new Set<string>();
  for (const [index, user] of users.entries()) {
    for (const id of [
      ...loginsOf(user).map((login) => loginKey(login)),
      ...(user.sub === undefined ? [] : [user.sub]),
    ]) {
      if (seen.has(id)) throw wrong(`users[${String(index)}]`, "has a login or sub that an earlier user has");
      seen.add(id);
    }
  }
}
