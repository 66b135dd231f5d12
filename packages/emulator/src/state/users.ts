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

export interface Profile extends Logins {
  readonly name?: string | undefined;
  readonly picture?: string | undefined;
  readonly gender?: string | undefined;
  readonly locale?: string | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly password?: PasswordHash | undefined;
}

/** A registered person. Times are epoch milliseconds. */
export interface User extends Profile {
  /** 19 decimal digits. */
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
  /** The first of these logins that somebody has already. */
  taken(logins: Logins): string | undefined;
  /** The logins must be free: ask `taken` in the same turn. */
  add(profile: Profile): User;
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
  const keep = (user: User) => {
    users.set(user.sub, user);
    for (const login of loginsOf(user)) subByLogin.set(loginKey(login), user.sub);
  };
  const change = (sub: string, changes: Partial<User>) => {
    const user = users.get(sub);
    if (user) users.set(sub, { ...user, ...changes });
  };

  return {
    find,
    bySub: (sub) => users.get(sub),
    taken: (logins) => loginsOf(logins).find((login) => find(login) !== undefined),
    add(profile) {
      const now = clock.now();
      const user: User = {
        ...profile,
        sub: newSubject(random),
        groups: profile.groups ?? [],
        createdAt: now,
        updatedAt: now,
        passwordUpdatedAt: profile.password && now,
      };
      keep(user);
      return user;
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
      for (const login of loginsOf(user)) subByLogin.delete(loginKey(login));
      users.delete(sub);
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
