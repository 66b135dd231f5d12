import { AuthApiError, isAuthError } from "@cloudbase-auth/core";
import type { CloudbaseAuth, RefreshOptions } from "@cloudbase-auth/core";
import { createRetryQueue } from "@cloudbase-auth/core/adapter";
import type { Session } from "../keeper.ts";

/** A session that is over here, as far as it is known: a client that keeps its tokens itself shows one of them. */
export type EndedSession = Pick<Session, "accessToken"> &
  Partial<Pick<Session, "id" | "environment" | "accessTokenEndsAt" | "refreshToken">>;

/** Tells the server of sessions that ended while it could not be told (RFC 7009 §2.2.1), until this process ends. */
export interface LateSignOuts {
  /** Whether the server will be told: there is a refresh token to end, and there was room for it. */
  readonly add: (ended: EndedSession) => boolean;
}

/** Nobody has the refresh token any more, or so it should be: after a day it is left to its own end. */
const keptForMs = 86_400_000;

/** `now` in milliseconds since the epoch. */
export function createLateSignOuts(auth: CloudbaseAuth, now: () => number): LateSignOuts {
  const queue = createRetryQueue({ now, monotonic: () => performance.now(), random: Math.random });

  return {
    add({ id, environment, refreshToken }) {
      if (refreshToken === undefined) return false;
      const run = taskOf(refreshToken, { session: id, environment });
      return queue.add({ expiresAt: (now() + keptForMs) / 1_000, run });
    },
  };

  /** With an access token of its own: the one that the session had may have ended by now, or been revoked. */
  function taskOf(refreshToken: string, options: RefreshOptions): () => Promise<void> {
    let held = refreshToken;
    return async () => {
      try {
        const tokens = await auth.refresh(held, options);
        held = tokens.refreshToken ?? held;
        try {
          await auth.client.signOut({ accessToken: tokens.accessToken });
        } finally {
          // Whoever still has the old cookie may have been given these as well.
          await auth.revoke(tokens.accessToken).catch(() => undefined);
        }
      } catch (error) {
        if (isPassing(error)) throw error;
      }
    };
  }
}

/** Whether the access token can still say whose session it is. */
export function isAlive({ accessTokenEndsAt = Infinity }: EndedSession, time: number): boolean {
  return time < accessTokenEndsAt;
}

/** Whether the server may be told another time; else it knows, or will never hear of it. */
export function isPassing(error: unknown): boolean {
  if (error instanceof AuthApiError) return error.retryable;
  return isAuthError(error) && error.code !== "refresh_rejected";
}
