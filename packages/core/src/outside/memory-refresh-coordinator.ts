import type { RefreshCoordinator, RefreshTurn } from "../words/refresh.ts";

type Entry = (
  | { readonly state: "begun"; readonly fence: string; readonly leaseUntil: number }
  | { readonly state: "done"; readonly outcome: string; readonly graceUntil: number }
  | { readonly state: "spent" }
) & { readonly forgetAt: number };

// A token that was spent earlier than this is the server's to refuse; the session is then not ended for it here.
const rememberedMs = 86_400_000;

/** Coordinates one process, and is the measure for every other one. `monotonic` is in milliseconds. */
export function createMemoryRefreshCoordinator({
  monotonic = () => performance.now(),
}: { readonly monotonic?: () => number } = {}): RefreshCoordinator {
  const entries = new Map<string, Entry>();
  /** Which session a token belongs to, by the digest of the first token that was seen of it. */
  const families = new Map<string, { readonly family: string; readonly forgetAt: number }>();
  const ended = new Map<string, number>();
  const waiting = new Map<string, Set<() => void>>();
  let fences = 0;
  let sweepAt = 0;

  const familyOf = (key: string): string => families.get(key)?.family ?? key;
  // The first token of a session that ended stays over, whatever session it is said to belong to later.
  const isOver = (key: string): boolean => ended.has(key) || ended.has(familyOf(key));

  function put(key: string, entry: Entry): void {
    entries.set(key, entry);
    for (const wake of waiting.get(key) ?? []) wake();
    waiting.delete(key);
  }

  function sweep(now: number): void {
    if (now < sweepAt) return;
    sweepAt = now + 60_000;
    for (const known of [entries, families]) {
      for (const [key, { forgetAt }] of known) if (forgetAt <= now) known.delete(key);
    }
    for (const [family, forgetAt] of ended) if (forgetAt <= now) ended.delete(family);
  }

  function turnOf(key: string, leaseMs: number): RefreshTurn {
    const now = monotonic();
    sweep(now);
    const forgetAt = now + rememberedMs;
    if (isOver(key)) return { state: "spent" };
    const entry = entries.get(key);
    if (entry?.state === "spent") return { state: "spent" };
    if (entry?.state === "done") {
      if (now < entry.graceUntil) return { state: "done", outcome: entry.outcome };
      return { state: "spent" };
    }
    if (entry?.state === "begun" && now < entry.leaseUntil) return { state: "taken" };
    fences += 1;
    const fence = String(fences);
    put(key, { state: "begun", fence, leaseUntil: now + leaseMs, forgetAt });
    return { state: "yours", fence };
  }

  const holds = (key: string, fence: string): boolean => {
    const entry = entries.get(key);
    return entry?.state === "begun" && entry.fence === fence && !isOver(key);
  };

  return Object.freeze<RefreshCoordinator>({
    begin: ({ key, leaseMs }) => Promise.resolve(turnOf(key, leaseMs)),
    renew({ key, fence, leaseMs }) {
      const entry = entries.get(key);
      if (entry?.state !== "begun" || !holds(key, fence)) return Promise.resolve(false);
      entries.set(key, { ...entry, leaseUntil: monotonic() + leaseMs });
      return Promise.resolve(true);
    },
    succeed({ key, fence, outcome, successorKey, graceMs }) {
      if (!holds(key, fence)) return Promise.resolve(false);
      const now = monotonic();
      const forgetAt = now + rememberedMs;
      if (successorKey !== undefined) families.set(successorKey, { family: familyOf(key), forgetAt });
      put(key, { state: "done", outcome, graceUntil: now + graceMs, forgetAt });
      return Promise.resolve(true);
    },
    release({ key, fence }) {
      if (holds(key, fence)) {
        entries.delete(key);
        for (const wake of waiting.get(key) ?? []) wake();
        waiting.delete(key);
      }
      return Promise.resolve();
    },
    end({ key }) {
      const forgetAt = monotonic() + rememberedMs;
      ended.set(familyOf(key), forgetAt);
      put(key, { state: "spent", forgetAt });
      return Promise.resolve();
    },
    wait({ key, atMostMs }) {
      if (entries.get(key)?.state !== "begun") return Promise.resolve();
      return new Promise((resolve) => {
        const wakes = waiting.get(key) ?? new Set();
        waiting.set(key, wakes);
        const timer = setTimeout(wake, atMostMs);
        function wake(): void {
          clearTimeout(timer);
          wakes.delete(wake);
          resolve();
        }
        wakes.add(wake);
      });
    },
  });
}
