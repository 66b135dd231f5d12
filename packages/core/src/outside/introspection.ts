import { createTokenMemory } from "../protocol/token-memory.ts";
import type { Remembered } from "../protocol/token-memory.ts";
import { AuthApiError } from "../words/api-error.ts";
import type { IntrospectionEvent } from "../words/diagnostics.ts";
import { UnavailableError } from "../words/unavailable.ts";
import type { WarningEvent } from "../words/warning.ts";
import type { Breaker } from "./breaker.ts";
import type { IntrospectionCache } from "../words/verification.ts";
import type { AuthClientCalls } from "./client/create.ts";
import { tell } from "./diagnostics.ts";
import { createSharedWords } from "./shared-words.ts";
import type { SharedWords } from "./shared-words.ts";

/** What the server said of a token, and when. */
export interface ServerWord extends Remembered {
  readonly active: boolean;
  /** Monotonic milliseconds. */
  readonly askedAt: number;
}

/** Asks the server of one environment about tokens. */
export interface Introspection {
  /** The server's last word on a token, however old. */
  last(token: string): ServerWord | undefined;
  /**
   * Its word, asked for now unless that was done within `maxAgeMs`; of an inactive token it counts for 10 seconds at
   * most. Active means that it names the token's own subject.
   *
   * @throws UnavailableError (or rejects with it)
   */
  ask(token: string, subject: string, maxAgeMs: number): ServerWord | Promise<ServerWord>;
}

interface IntrospectionParts {
  readonly environment: string;
  readonly introspect: AuthClientCalls["introspect"];
  /** Whether the question is authenticated by our client, and not by the token itself. */
  readonly asksAsClient: boolean;
  readonly breaker: Breaker;
  /** Where other processes leave what they were told. */
  readonly cache: IntrospectionCache | undefined;
  readonly warn: (event: WarningEvent) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Monotonic milliseconds. */
  readonly monotonic: () => number;
}

const limits = { maxTokens: 20_000, maxBytes: 64 * 1_048_576 };
const longestInactiveMs = 10_000;
// Somebody else may take a word for longer than the one who asked for it.
const sharedMs = 60_000;
const bounds = { connectTimeoutMs: 1_000, timeoutMs: 2_000 };

/**
 * Introspection (RFC 7662 in CloudBase's form, http-api/auth: auth-token-introspect): one question a token at a time
 * however many wait. An answer is remembered, a failure never is.
 */
export function createIntrospection(parts: IntrospectionParts): Introspection {
  const { environment, introspect, asksAsClient, breaker, cache, warn, now, monotonic } = parts;
  const words = createTokenMemory<ServerWord>(limits);
  const asking = new Map<string, Promise<ServerWord>>();
  const shared = cache && createSharedWords({ environment, cache, now, monotonic });
  const recalling = new Map<string, Promise<void>>();

  function ask(token: string, subject: string, maxAgeMs: number): ServerWord | Promise<ServerWord> {
    const known = knownOf(token, maxAgeMs);
    if (known !== undefined) return known;
    if (shared === undefined) return askServer(token, subject, maxAgeMs);
    return recall(shared, token).then(() => knownOf(token, maxAgeMs) ?? askServer(token, subject, maxAgeMs));
  }

  /** What need not be asked for: it is at hand and counts, or on its way. */
  function knownOf(token: string, maxAgeMs: number): ServerWord | Promise<ServerWord> | undefined {
    const word = words.get(token);
    if (word !== undefined) {
      const ageMs = monotonic() - word.askedAt;
      if (ageMs < (word.active ? maxAgeMs : Math.min(maxAgeMs, longestInactiveMs))) return word;
    }
    return asking.get(token);
  }

  /** Takes over what another process was told later than this one. */
  function recall(from: SharedWords, token: string): Promise<void> {
    const underWay = recalling.get(token);
    if (underWay !== undefined) return underWay;
    const recalled = from
      .load(token)
      .then((theirs) => {
        if (theirs === undefined || theirs.askedAt <= (words.get(token)?.askedAt ?? -Infinity)) return;
        words.set({ credentials: token, ...theirs });
      })
      .finally(() => recalling.delete(token));
    recalling.set(token, recalled);
    return recalled;
  }

  function askServer(token: string, subject: string, maxAgeMs: number): Promise<ServerWord> {
    const waitMs = breaker.enter();
    if (waitMs > 0) throw new UnavailableError("introspection", waitMs / 1_000, undefined);
    const question = askNow(token, subject, maxAgeMs).finally(() => asking.delete(token));
    asking.set(token, question);
    return question;
  }

  async function askNow(token: string, subject: string, maxAgeMs: number): Promise<ServerWord> {
    const askedAt = monotonic();
    const active = await isActive(token, subject).catch((error: unknown) => {
      tellOf("unavailable", askedAt);
      throw error;
    });
    tellOf(active ? "active" : "inactive", askedAt);
    const word = { credentials: token, active, askedAt };
    words.set(word);
    shared?.save(token, word, active ? Math.max(maxAgeMs, sharedMs) : longestInactiveMs);
    return word;
  }

  function tellOf(outcome: IntrospectionEvent["outcome"], askedAt: number): void {
    tell("cloudbase-auth:introspection", () => ({ environment, outcome, durationMs: monotonic() - askedAt }));
  }

  async function isActive(token: string, subject: string): Promise<boolean> {
    try {
      const answer = await introspect({ accessToken: token }, bounds);
      breaker.succeeded();
      return answer.active && answer.sub === subject;
    } catch (error) {
      // Where the token itself is the credential of the question, refusing it is the answer.
      if (error instanceof AuthApiError && error.kind === "unauthenticated" && !asksAsClient) {
        breaker.succeeded();
        return false;
      }
      throw fail(error);
    }
  }

  function fail(error: unknown): UnavailableError {
    const pauseSeconds = error instanceof AuthApiError ? error.retryAfterSeconds : undefined;
    breaker.failed(pauseSeconds);
    warn(warningOf(error));
    return new UnavailableError("introspection", Math.min(pauseSeconds ?? 1, 60), error);
  }

  function warningOf(error: unknown): WarningEvent {
    const said = error instanceof Error ? error.message : "unknown error";
    const refused = error instanceof AuthApiError && ["client", "unauthenticated", "permission"].includes(error.kind);
    const advice = refused
      ? "The server refuses our own credentials; set options clientId and clientSecret (variables CLOUDBASE_CLIENT_ID and CLOUDBASE_CLIENT_SECRET)."
      : "Check the network and the endpoint.";
    return {
      code: refused ? "introspection_refused" : "introspection_unavailable",
      environment,
      message: `Environment ${environment} could not be asked whether a token is valid (${said}); requests whose token needs that are answered 503. ${advice}`,
      cause: error,
    };
  }

  return { last: (token) => words.get(token), ask };
}
