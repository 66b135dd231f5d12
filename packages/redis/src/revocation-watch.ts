import type { Revocation, RevocationListener } from "@cloudbase-auth/core";
import { RedisStoreError, storeErrorOf } from "./errors.ts";
import { warnOfEviction } from "./eviction.ts";
import type { Link } from "./link.ts";
import { parseEntry } from "./revocation-entry.ts";
import type { RevocationList } from "./revocation-list.ts";

// While messages come, reading finds what got lost on the way; while none do, it is how news comes at all.
const pollMs = 2_000;
const pollAloneMs = 500;
const pollAwayMs = 250;
// A process that starts is busy, and so is its connection: only what lasts longer is trouble.
const startMs = 1_000;

/**
 * Tells a listener what is revoked: as messages come, and by reading what is new. What it was told is kept until it
 * expires, and written again should the list be gone. The function that it answers ends it.
 */
export function watchRevocations(link: Link, list: RevocationList, listener: RevocationListener): () => void {
  const startedAt = performance.now();
  const known = new Map<string, Revocation>();
  /** How far the list was read; also, whether messages come one after another. */
  let epoch = "";
  let seq = 0;
  let isSubscribed = false;
  /** `undefined` until it is known. */
  let isAway: boolean | undefined;
  let isClosed = false;
  let wasChecked = false;
  let reading: Promise<void> | undefined;
  let isAskedAgain = false;
  let timer: NodeJS.Timeout | undefined;

  function tell(entries: readonly string[]): void {
    const news = entries.flatMap((entry) => {
      if (known.has(entry)) return [];
      const revocation = parseEntry(entry);
      if (revocation === undefined || revocation === "newer") {
        link.warn(revocation === undefined ? list.foreignEntry : list.newerEntry);
        return [];
      }
      known.set(entry, revocation);
      return [revocation];
    });
    if (news.length > 0) listener.revoked(news);
  }

  function forgetExpired(): void {
    for (const [entry, revocation] of known) if (list.isOver(revocation)) known.delete(entry);
  }

  /** Reads what is new, to the end. */
  async function readNews(): Promise<void> {
    for (;;) {
      const page = await list.read(epoch, seq);
      if (isClosed) return;
      const wasEmptied = epoch !== "" && page.epoch !== epoch;
      if (page.epoch !== epoch) seq = 0;
      epoch = page.epoch;
      seq = Math.max(seq, page.seq);
      tell(page.entries);
      if (wasEmptied) await writeAgain();
      if (page.isLast) return;
    }
  }

  async function writeAgain(): Promise<void> {
    forgetExpired();
    if (known.size === 0) return;
    link.warn(list.emptied);
    await list.add([...known.values()]);
  }

  async function read(): Promise<void> {
    try {
      do {
        isAskedAgain = false;
        await readNews();
      } while (isAskedAgain && !isClosed);
      trouble(undefined);
      if (!wasChecked) {
        wasChecked = true;
        await warnOfEviction(link);
      }
    } catch (error) {
      trouble(storeErrorOf(error));
    }
  }

  function trouble(error: Error | undefined): void {
    if (isClosed || isAway === (error !== undefined)) return;
    if (isAway === undefined && error !== undefined && performance.now() - startedAt < startMs) return;
    isAway = error !== undefined;
    listener.trouble(error);
  }

  function pauseMs(): number {
    if (isAway !== false) return pollAwayMs;
    return isSubscribed ? pollMs : pollAloneMs;
  }

  function readSoon(): void {
    if (isClosed) return;
    if (reading !== undefined) {
      isAskedAgain = true;
      return;
    }
    clearTimeout(timer);
    reading = read().finally(() => {
      reading = undefined;
      forgetExpired();
      if (!isClosed) timer = setTimeout(readSoon, pauseMs());
    });
  }

  const unlisten = link.listen(list.channel, {
    message(text) {
      const [, ofEpoch, number, entry] = /^(\S+) (\d+) (.+)$/s.exec(text) ?? [];
      if (isClosed || entry === undefined) return;
      // Of another list: ours was begun anew, or it is that of another database, which has the same channels.
      if (ofEpoch !== epoch) return readSoon();
      tell([entry]);
      if (Number(number) === seq + 1) seq += 1;
      else if (Number(number) > seq) readSoon();
    },
    subscribed(is) {
      isSubscribed = is;
      // What was said while nobody listened, or while that was in doubt.
      seq = 0;
      readSoon();
    },
  });
  readSoon();

  function end(): void {
    isClosed = true;
    clearTimeout(timer);
    unlisten();
  }
  link.onClose(() => {
    trouble(new RedisStoreError("closed"));
    end();
  });
  return end;
}
