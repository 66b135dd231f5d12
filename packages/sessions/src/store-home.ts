import type { AuthRequest, Refusals } from "@cloudbase-auth/core";
import { StoreTroubleError } from "./bounded-store.ts";
import type { Session } from "./keeper.ts";
import type { SealedCookie } from "./sealed-cookie.ts";
import { createSingleFlight } from "./single-flight.ts";
import { foundSeveral } from "./session-home.ts";
import type { Changed, SessionHome } from "./session-home.ts";
import { formatRecord, parseTicket } from "./session-record.ts";
import { isOver, maxAgeSeconds } from "./session-times.ts";
import type { SessionLimits } from "./session-times.ts";
import type { StoredSessions } from "./stored-sessions.ts";

interface StoreHomeParts {
  readonly cookie: SealedCookie;
  readonly stored: StoredSessions;
  readonly limits: SessionLimits;
  readonly refusals: Refusals;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** A session is seen at most so often, in milliseconds. */
const mostOftenMs = 60_000;

/**
 * Keeps sessions in a store; the cookie holds an id. That is sealed although it is random: so what somebody made up never
 * gets as far as the store, and a store that is out of reach makes 503 only of what may be a session.
 */
export function createStoreHome({ cookie, stored, limits, refusals, now }: StoreHomeParts): SessionHome {
  const once = createSingleFlight<Changed>();
  // A fifth of a short idle limit, or who is there all the time would be taken for idle.
  const seenEveryMs = Math.min(mostOftenMs, limits.idleMs / 5);

  async function readTicket(request: AuthRequest) {
    const read = await cookie.read(request);
    if (read.kind !== "one") return read;
    const ticket = parseTicket(read.bytes);
    return ticket === undefined ? ({ kind: "none" } as const) : { ...read, ticket };
  }

  return {
    isPresent: cookie.isPresent,
    async find(request) {
      const read = await readTicket(request);
      if (read.kind === "several") return foundSeveral(refusals.invalidRequest("several_methods"));
      if (read.kind === "broken") return { state: "none", cookies: cookie.expire(request) };
      if (read.kind === "none") return { state: "none", cookies: [] };
      const session = await stored.load(read.ticket.id);
      if (session === undefined) return { state: "none", cookies: cookie.expire(request) };
      if (session === "unreadable") return { state: "none", cookies: [] };
      const time = now();
      if (isOver(session, limits, time)) {
        await stored.delete(session.id);
        return { state: "none", cookies: cookie.expire(request) };
      }
      const cookies = read.isOld
        ? await cookie.write(request, read.bytes, maxAgeSeconds(session.startedAt, limits, time))
        : [];
      if (time - session.seenAt < seenEveryMs) return { state: "found", session, cookies };
      const seen = await once(session.id, () => see(session, time));
      if (seen.state === "gone") return { state: "none", cookies: cookie.expire(request) };
      if (seen.state === "left") return { state: "none", cookies: [] };
      return { state: "found", session: seen.session, cookies };
    },
    async begin(request, session) {
      await endOfRequest(request, stored.leave);
      await stored.create(session);
      const { id, startedAt } = session;
      return cookie.write(request, formatRecord({ id, startedAt }), maxAgeSeconds(startedAt, limits, now()));
    },
    change: (_request, session, update) => stored.change(session.id, update),
    async end(request, session) {
      await endOfRequest(request, stored.delete);
      if (session !== undefined) await stored.delete(session.id);
      return cookie.expire(request);
    },
  };

  async function see(session: Session, time: number): Promise<Changed> {
    try {
      return await stored.change(session.id, (current) => {
        return time - current.seenAt < seenEveryMs ? current : { ...current, seenAt: time };
      });
    } catch (error) {
      // A store that can be read and not written, as in a failover, is no reason to turn anybody away.
      if (error instanceof StoreTroubleError) return { state: "kept", session, cookies: [] };
      throw error;
    }
  }

  async function endOfRequest(request: AuthRequest, end: (id: string) => Promise<void>): Promise<void> {
    const read = await readTicket(request);
    if (read.kind === "one") await end(read.ticket.id);
    if (read.kind !== "several") return;
    // Which one is meant cannot be told, and whoever signs out wants none of them to go on.
    const tickets = read.all.flatMap((bytes) => parseTicket(bytes) ?? []);
    await Promise.all(tickets.map(({ id }) => stored.delete(id)));
  }
}
