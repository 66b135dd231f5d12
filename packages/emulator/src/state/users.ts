import type { EmulatorClock } from "./clock.ts";
import type { PasswordHash } from "./passwords.ts";
import type { Random } from "./random.ts";

/** What a person may sign in with. The three kinds share one namespace: nobody can take another one's e-mail as name. */
export interface Logins {
  readonly username?: string | undefined;
  readonly email?: string | undefined;
  /** With country code and one space: "+86 13800000000". */
  readonly phoneNumber?: string | undefined;
}

/** An account elsewhere that a person signs in with; the provider of custom tickets is "custom". */
export interface Identity {
  readonly providerId: string;
  /** The provider's own id of the person. */
  readonly providerUserId: string;
  readonly name?: string | undefined;
  readonly picture?: string | undefined;
}

/** Whether a person may sign in. */
export type UserStatus = "ACTIVE" | "PENDING" | "BLOCKED";

export interface Profile extends Logins {
  readonly name?: string | undefined;
  readonly picture?: string | undefined;
  readonly gender?: string | undefined;
  readonly locale?: string | undefined;
  readonly birthdate?: string | undefined;
  readonly zoneinfo?: string | undefined;
  readonly description?: string | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly password?: PasswordHash | undefined;
  readonly identities?: readonly Identity[] | undefined;
  /** @default "ACTIVE" */
  readonly status?: UserStatus | undefined;
}

/** A registered person. Times are epoch milliseconds. */
export interface User extends Profile {
  /** 19 decimal digits; 22 base64url characters when it was an anonymous user's. */
  readonly sub: string;
  readonly groups: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly passwordUpdatedAt?: number | undefined;
  readonly lastLoginAt?: number | undefined;
}

export interface Users {
  find(login: string): User | undefined;
  bySub(sub: string): User | undefined;
  byIdentity(identity: Identity): User | undefined;
  /** The first of these logins that somebody has already; `except` is nobody. */
  taken(logins: Logins, except?: string): string | undefined;
  /** The logins, identities and the `sub`, if one is given, must be free: ask in the same turn. */
  add(profile: Profile, sub?: string): User;
  /** A member that is `undefined` is taken away. The logins must be free. */
  change(sub: string, changes: Partial<Profile>): void;
  setPassword(sub: string, password: PasswordHash): void;
  noteLogin(sub: string): void;
  remove(sub: string): void;
  /** Whether a user with this sub was deleted: its tokens stay valid JWTs, and must be refused. */
  isRemoved(sub: string): boolean;
  all(): readonly User[];
  removedSubs(): readonly string[];
  /** Adds users as they were, and notes the subs of deleted ones. The logins and subs must be free. */
  restore(users: readonly User[], removedSubs: readonly string[]): void;
}

/** A new subject as the real service writes them: 19 decimal digits. */
export const newSubject = (random: Random): string => `1${random.digits(18)}`;

export function createUsers(clock: EmulatorClock, random: Random): Users {
  const users = new Map<string, User>();
  const subByLogin = new Map<string, string>();
  const removed = new Set<string>();

  const find = (login: string) => users.get(subByLogin.get(loginKey(login)) ?? "");
  const drop = (user: User) => {
    for (const login of loginsOf(user)) subByLogin.delete(loginKey(login));
    users.delete(user.sub);
  };
  const keep = (user: User) => {
    users.set(user.sub, user);
    for (const login of loginsOf(user)) subByLogin.set(loginKey(login), user.sub);
  };
  const change = (sub: string, changes: Partial<User>) => {
    const user = users.get(sub);
    if (!user) return;
    // The place in the order of users stays.
    for (const login of loginsOf(user)) subByLogin.delete(loginKey(login));
    keep({ ...user, ...changes });
  };

  return {
    find,
    bySub: (sub) => users.get(sub),
    byIdentity: (identity) =>
      [...users.values()].find(({ identities = [] }) => identities.some((own) => sameIdentity(own, identity))),
    taken: (logins, except) =>
      loginsOf(logins).find((login) => {
        const owner = find(login);
        return owner !== undefined && owner.sub !== except;
      }),
    add(profile, sub = newSubject(random)) {
      const now = clock.now();
      const user: User = {
        ...profile,
        sub,
        groups: profile.groups ?? [],
        createdAt: now,
        updatedAt: now,
        passwordUpdatedAt: profile.password && now,
      };
      keep(user);
      return user;
    },
    change(sub, { groups, ...changes }) {
      change(sub, { ...changes, ...(groups === undefined ? {} : { groups }), updatedAt: clock.now() });
    },
    setPassword(sub, password) {
      change(sub, { password, passwordUpdatedAt: clock.now(), updatedAt: clock.now() });
    },
    noteLogin(sub) {
      change(sub, { lastLoginAt: clock.now() });
    },
    remove(sub) {
      const user = users.get(sub);
      if (!user) return;
      drop(user);
      removed.add(sub);
    },
    isRemoved: (sub) => removed.has(sub),
    all: () => [...users.values()],
    removedSubs: () => [...removed],
    restore(restored, removedSubs) {
      for (const sub of removedSubs) removed.add(sub);
      for (const user of restored) {
        removed.delete(user.sub);
        keep(user);
      }
    },
  };
}

export function loginsOf({ username, email, phoneNumber }: Logins): string[] {
  return [username, email, phoneNumber].filter((login) => login !== undefined);
}

/** E-mail addresses are compared without regard to case, everything else exactly. */
export function loginKey(login: string): string {
  return login.includes("@") ? login.toLowerCase() : login;
}

/** Whether a person without this login could still sign in. */
export function canSignIn({ identities = [], ...user }: Profile): boolean {
  return identities.length > 0 || user.phoneNumber !== undefined || user.email !== undefined || hasPassword(user);
}

const hasPassword = ({ username, password }: Profile): boolean => username !== undefined && password !== undefined;

export const sameIdentity = (one: Identity, other: Identity): boolean =>
  one.providerId === other.providerId && one.providerUserId === other.providerUserId;
