import { createRevocationList } from "../protocol/revocation-list.ts";
import type { RevocableToken } from "../protocol/revocation-list.ts";
import { AuthApiError } from "../words/api-error.ts";
import type { RevocationEvent } from "../words/diagnostics.ts";
import type { Revocation, RevocationOptions, RevokedToken } from "../words/revocation.ts";
import type { RevocationStatus } from "../words/status.ts";
import { UnavailableError } from "../words/unavailable.ts";
import type { WarningEvent } from "../words/warning.ts";
import type { AuthClientCalls } from "./client/create.ts";
import { tell } from "./diagnostics.ts";
import { createRetryQueue } from "./retry-queue.ts";

/** The server side of one environment's revocations. */
export interface RevokingServer {
  readonly revoke: AuthClientCalls["revoke"];
  /** Whether the call is authenticated by our client, and not by the token itself. */
  readonly asksAsClient: boolean;
}

/** Everything revoked, here and elsewhere. */
export interface Revocations {
  /** Changes whenever something may be covered that was not; 0 while nothing is, and nothing could be. */
  version(): number;
  /** Calls the listener whenever the version may have changed. */
  onChange(listener: () => void): void;
  /** @throws UnavailableError */
  covers(token: RevocableToken): boolean;
  /** Refuses what is revoked from now on, and tells the store: at once, or when it is back. */
  add(revocation: Revocation): Promise<"told" | "queued" | "none">;
  /** Tells the server to revoke a token, at once or when it is back. @throws AuthApiError if it will not */
  tellServer(
    server: RevokingServer,
    token: string,
    at: Pick<Revocation, "environment" | "expiresAt">,
  ): Promise<RevokedToken["server"]>;
  status(): RevocationStatus;
  close(): Promise<void>;
}

interface RevocationsParts extends RevocationOptions {
  readonly warn: (event: WarningEvent) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly monotonic: () => number;
}

/** Keeps the list that requests are judged by, and carries what is new to the store and to the server. */
export function createRevocations(parts: RevocationsParts): Revocations {
  const { store, onUnavailable = "serve", warn, now, monotonic } = parts;
  const list = createRevocationList(now);
  const clock = { now, monotonic, random: Math.random };
  const forStore = createRetryQueue(clock);
  const forServer = createRetryQueue(clock);
  const failsClosed = store !== undefined && onUnavailable === "fail";
  let trouble: Error | undefined = store === undefined ? undefined : new Error("the store has not told anything yet");
  let troubles = 0;
  const listeners = new Set<() => void>();

  function changed(): void {
    for (const listener of listeners) listener();
  }

  const unsubscribe = store?.subscribe({
    revoked(revocations) {
      for (const revocation of revocations) list.add(revocation);
      changed();
    },
    trouble(error) {
      troubles += 1;
      trouble = error;
      changed();
      if (error !== undefined) warnOfStore(error);
    },
  });

  function warnOfStore(cause: unknown): void {
    const consequence = failsClosed
      ? "requests that present a token are answered 503 until it is back"
      : "tokens are judged by the last known revocations";
    const message = `The revocation store is out of reach (${messageOf(cause)}); ${consequence}. Check the store and the network.`;
    warn({ code: "revocation_store_unavailable", environment: "", message, cause });
  }

  /** Who was told of what is told on the diagnostics channel. */
  function toldOf(environment: string, revoked: RevocationEvent["revoked"]) {
    const startedAt = monotonic();
    return (told: RevocationEvent["told"], outcome: RevocationEvent["outcome"]): void => {
      const durationMs = monotonic() - startedAt;
      tell("cloudbase-auth:revocation", () => ({ environment, revoked, told, outcome, durationMs }));
    };
  }

  return {
    version: () => list.version() + (failsClosed ? troubles + 1 : 0),
    onChange: (listener) => void listeners.add(listener),
    covers(token) {
      if (failsClosed && trouble !== undefined) throw new UnavailableError("revocation_store", 1, trouble);
      return list.covers(token);
    },
    async add(revocation) {
      const tellOf = toldOf(revocation.environment, revocation.kind);
      list.add(revocation);
      changed();
      tellOf("instance", "done");
      if (store === undefined) return "none";
      try {
        await store.add(revocation);
        tellOf("store", "done");
        return "told";
      } catch (error) {
        tellOf("store", "queued");
        warnOfStore(error);
        queueOrSay(
          forStore.add({
            expiresAt: revocation.expiresAt,
            run: () => store.add(revocation).then(() => tellOf("store", "done")),
          }),
          revocation.environment,
        );
        return "queued";
      }
    },
    async tellServer({ revoke, asksAsClient }, token, { environment, expiresAt }) {
      const tellOf = toldOf(environment, "token");
      const revokeThere = async (): Promise<void> => {
        await revoke({ accessToken: token }).catch((error: unknown) => {
          // Where the token itself is the credential, a server that refuses it has no more to revoke.
          const isDead = error instanceof AuthApiError && error.kind === "unauthenticated" && !asksAsClient;
          if (!isDead) throw error;
        });
      };
      try {
        await revokeThere();
        tellOf("server", "done");
        return "revoked";
      } catch (error) {
        const isPassing = error instanceof AuthApiError && error.retryable;
        tellOf("server", isPassing ? "queued" : "refused");
        if (!isPassing) throw error;
        const message = `A token of environment ${environment} could not be revoked at the server (${error.message}); it is refused here, and the server is told again until the token expires. Check the network and the endpoint.`;
        warn({ code: "revocation_queued", environment, message, cause: error });
        queueOrSay(
          forServer.add({ expiresAt, run: () => revokeThere().then(() => tellOf("server", "done")) }),
          environment,
        );
        return "queued";
      }
    },
    status: () => ({
      entries: list.size(),
      store: store === undefined ? "none" : trouble === undefined ? "up" : "down",
      lastError: store === undefined || trouble === undefined ? undefined : trouble.message,
      queued: forStore.size() + forServer.size(),
    }),
    async close() {
      const untold = forStore.size() + forServer.size();
      forStore.close();
      forServer.close();
      await unsubscribe?.();
      if (untold === 0) return;
      const message = `${String(untold)} revocations were not told to the server or the store when the instance was closed; they end with this process. Revoke them again once it is back.`;
      warn({ code: "revocation_lost", environment: "", message });
    },
  };

  function queueOrSay(queued: boolean, environment: string): void {
    if (queued) return;
    const message = `More revocations of environment ${environment} wait for the server or the store than can be kept; the newest is known to this instance alone. Check the network, the endpoint and the store.`;
    warn({ code: "revocation_lost", environment, message });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "unknown error";
}
