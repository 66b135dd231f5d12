import type { EmulatorClock } from "./clock.ts";
import type { Random } from "./random.ts";

/** Something that a user did with the account. */
export interface HistoryEntry {
  readonly id: string;
  readonly sub: string;
  /** "USER_LOGIN" is the official SDK's name of a sign-in; the names of the others were chosen. */
  readonly action: "USER_LOGIN" | "USER_MODIFY";
  /** How: the provider type of a sign-in, or what was changed. */
  readonly from: string;
  readonly ip: string | undefined;
  readonly userAgent: string | undefined;
  readonly clientId: string;
  readonly deviceId: string | undefined;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

export interface History {
  note(entry: Omit<HistoryEntry, "id" | "createdAt">): void;
  /** The last 100 of a user, the newest first. */
  of(sub: string): readonly HistoryEntry[];
}

const kept = 100;

export function createHistory(clock: EmulatorClock, random: Random): History {
  const bySub = new Map<string, readonly HistoryEntry[]>();

  return {
    note(entry) {
      const noted = { ...entry, id: random.uuid(), createdAt: clock.now() };
      bySub.set(entry.sub, [noted, ...(bySub.get(entry.sub) ?? [])].slice(0, kept));
    },
    of: (sub) => bySub.get(sub) ?? [],
  };
}
