import type { Refusals } from "@cloudbase-auth/core";
import type { SealedCookie } from "./sealed-cookie.ts";
import type { Session } from "./keeper.ts";
import { foundSeveral } from "./session-home.ts";
import type { SessionHome } from "./session-home.ts";
import { formatRecord, parseSession } from "./session-record.ts";
import { isOver, isRefreshDue, maxAgeSeconds } from "./session-times.ts";
import type { SessionLimits } from "./session-times.ts";

interface CookieHomeParts {
  readonly cookie: SealedCookie;
  readonly limits: SessionLimits;
  readonly refusals: Refusals;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

// As long as an answer may be under way that was made with the tokens before.
const closeToRefreshMs = 60_000;

/**
 * Keeps sessions in their own cookies. A cookie is written again only with new tokens: the answer to a request that
 * still had the old ones, arriving last, would put them back.
 */
export function createCookieHome({ cookie, limits, refusals, now }: CookieHomeParts): SessionHome {
  return {
    isPresent: cookie.isPresent,
    async find(request) {
      const read = await cookie.read(request);
      if (read.kind === "several") return foundSeveral(refusals.invalidRequest("several_methods"));
      if (read.kind === "broken") return { state: "none", cookies: cookie.expire(request) };
      // What we cannot read may be sealed under a key that another process has already: it is left alone.
      if (read.kind === "none") return { state: "none", cookies: [] };
      const session = parseSession(read.bytes);
      if (session === undefined) return { state: "none", cookies: [] };
      const time = now();
      if (isOver(session, limits, time)) return { state: "none", cookies: cookie.expire(request) };
      const isResealed = read.isOld && !isRefreshDue(session, time + closeToRefreshMs);
      const cookies = isResealed
        ? await cookie.write(request, read.bytes, maxAgeSeconds(session.startedAt, limits, time))
        : [];
      return { state: "found", session, cookies };
    },
    begin: (request, session) => write(request, session),
    async change(request, session, update) {
      const changed = update(session);
      const cookies = changed === session ? [] : await write(request, changed);
      return { state: "kept", session: changed, cookies };
    },
    end: (request) => Promise.resolve(cookie.expire(request)),
  };

  function write(request: Parameters<SealedCookie["write"]>[0], session: Session): Promise<readonly string[]> {
    return cookie.write(request, formatRecord(session), maxAgeSeconds(session.startedAt, limits, now()));
  }
}
