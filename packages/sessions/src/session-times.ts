import { createHash } from "node:crypto";
import type { Session } from "./keeper.ts";

/** The limits of every session, in milliseconds. */
export interface SessionLimits {
  readonly idleMs: number;
  readonly absoluteMs: number;
}

const mostLeadMs = 180_000;

/** Whether one of the limits has ended it. */
export function isOver(session: Session, { idleMs, absoluteMs }: SessionLimits, now: number): boolean {
  return now >= session.startedAt + absoluteMs || now >= session.seenAt + idleMs;
}

/** How long it may still last without being seen again. */
export function restMs(session: Session, { idleMs, absoluteMs }: SessionLimits, now: number): number {
  return Math.max(0, Math.min(session.seenAt + idleMs, session.startedAt + absoluteMs) - now);
}

/** For how long the browser shall keep the cookie. */
export function maxAgeSeconds(startedAt: number, { absoluteMs }: SessionLimits, now: number): number {
  return Math.max(0, Math.ceil((startedAt + absoluteMs - now) / 1_000));
}

export function hasEndedToken(session: Session, now: number): boolean {
  return now >= session.accessTokenEndsAt;
}

/**
 * Whether the access token ends so soon that it should be exchanged. When that is differs from session to session, so
 * that those that began at once do not all come at once (three minutes to one before the end, of tokens that last more
 * than twelve); for one session it is the same in every process.
 */
export function isRefreshDue(session: Session, now: number): boolean {
  const { id, accessTokenEndsAt, renewedAt } = session;
  const leadMs = Math.min(mostLeadMs, Math.max(0, accessTokenEndsAt - renewedAt) / 4);
  if (now < accessTokenEndsAt - leadMs) return false;
  const digest = createHash("sha256")
    .update(`${id} ${String(accessTokenEndsAt)}`)
    .digest();
  const fraction = digest.readUInt32BE(0) / 2 ** 32;
  return now >= accessTokenEndsAt - leadMs * (1 / 3 + (2 / 3) * fraction);
}
