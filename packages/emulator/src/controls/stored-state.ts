import type { Environment } from "../state/environment.ts";
import type { SigningKey, StoredKey } from "../state/keys.ts";
import { hashPassword } from "../state/passwords.ts";
import type { PasswordHash } from "../state/passwords.ts";
import type { StoredSession } from "../state/sessions.ts";
import { newSubject } from "../state/users.ts";
import type { User } from "../state/users.ts";

/** Everything that outlives a restart, as JSON. Passwords and refresh tokens are hashes; the keys are private keys. */
export interface EmulatorState {
  readonly version: 1;
  readonly envId: string;
  /** The `iss` of the tokens issued so far. */
  readonly issuer: string;
  /** The key that signs, and the next one. */
  readonly keys: readonly [StoredKey, StoredKey];
  readonly users: readonly StoredUser[];
  /** Deleted users: their tokens are refused. */
  readonly removedSubs: readonly string[];
  readonly sessions: readonly StoredSession[];
  /** Fingerprints of revoked access tokens. */
  readonly revokedTokens: readonly string[];
}

export interface StoredUser extends Omit<User, "password"> {
  readonly password?: { readonly algorithm: "scrypt"; readonly salt: string; readonly hash: string } | undefined;
}

/** A state that was read and checked. */
export interface CheckedState {
  readonly issuer: string | undefined;
  /** `undefined`: the emulator's own keys stay. */
  readonly keys: readonly [SigningKey, SigningKey] | undefined;
  readonly users: readonly CheckedUser[];
  readonly removedSubs: readonly string[];
  readonly sessions: readonly StoredSession[];
  readonly revokedTokens: readonly string[];
}

/** What is missing is made up when the state is restored; a password may be in plain text. */
export interface CheckedUser extends Omit<User, "sub" | "createdAt" | "updatedAt" | "password"> {
  readonly sub: string | undefined;
  readonly createdAt: number | undefined;
  readonly updatedAt: number | undefined;
  readonly password: PasswordHash | string | undefined;
}

export function exportState(environment: Environment): EmulatorState {
  return {
    version: 1,
    envId: environment.envId,
    issuer: environment.issuer(),
    keys: environment.keys.export(),
    users: environment.users.all().map(({ password, ...user }) => ({
      ...user,
      password: password && {
        algorithm: "scrypt",
        salt: password.salt.toString("base64url"),
        hash: password.hash.toString("base64url"),
      },
    })),
    removedSubs: environment.users.removedSubs(),
    sessions: environment.sessions.all(),
    revokedTokens: [...environment.revokedTokens],
  };
}

/** Puts a state in the place of the present one. Codes, tickets, inbox and clock begin anew. */
export async function restoreState(environment: Environment, state: CheckedState): Promise<void> {
  const passwords = await Promise.all(
    state.users.map(async ({ password }) => (typeof password === "string" ? hashPassword(password) : password)),
  );
  environment.forget();
  const now = environment.clock.now();
  const users = state.users.map((user, index) => ({
    ...user,
    sub: user.sub ?? newSubject(environment.random),
    createdAt: user.createdAt ?? now,
    updatedAt: user.updatedAt ?? now,
    password: passwords[index],
    passwordUpdatedAt: user.passwordUpdatedAt ?? (passwords[index] && now),
  }));
  environment.users.restore(users, state.removedSubs);
  environment.sessions.restore(state.sessions);
  for (const fingerprint of state.revokedTokens) environment.revokedTokens.add(fingerprint);
  if (state.keys) environment.keys.restore(state.keys);
  if (state.issuer !== undefined) environment.formerIssuers.add(state.issuer);
}
