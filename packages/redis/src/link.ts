import { driverOf } from "./client.ts";
import type { RedisClient } from "./client.ts";
import type { Driver } from "./connection.ts";
import { RedisStoreError, replyOf, storeErrorOf } from "./errors.ts";
import { createKeys } from "./keys.ts";
import type { Keys } from "./keys.ts";
import { createListeningClock } from "./listening-clock.ts";
import { parseStoreOptions } from "./options.ts";
import type { RedisStoreOptions } from "./options.ts";
import { createPeers } from "./peers.ts";
import type { Peer } from "./peers.ts";
import { parseScriptAnswer } from "./script.ts";
import type { Script, ScriptAnswer } from "./script.ts";
import { createWarn, warnsOfForeign, warnsOfNewer } from "./warning.ts";
import type { RedisWarning } from "./warning.ts";

/** What the stores speak to Redis through. Whatever it does, it has done or given up within 200 ms. */
export interface Link {
  readonly keys: Keys;
  readonly warn: (warning: RedisWarning) => void;
  readonly listen: Driver["listen"];
  /** When a call that begins now has to be over; all that it runs is given this. */
  until(): number;
  /** @throws RedisStoreError (rejects) */
  run(script: Script, keys: readonly string[], args: readonly (string | number)[], until?: number): Promise<unknown>;
  /** The text that INFO gives for a section, of any node. @throws RedisStoreError (rejects) */
  info(section: string): Promise<string>;
  /** Calls back once when the link is closed, by whomever. */
  onClose(listener: () => void): void;
  close(): void;
}

const pauseMs = 20;
const renewEveryMs = 500;
const passing = new Set(["READONLY", "MOVED", "ASK", "LOADING", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN"]);
const monotonic = (): number => performance.now();

/** One command; `undefined` if it has to be sent again. */
type Once<T> = () => Promise<T | undefined>;

/**
 * `budgetMs` is what each call has; whoever changes it changes what the errors say.
 *
 * @throws TypeError for a client or options that are wrong
 */
export function openLink(client: RedisClient, options?: RedisStoreOptions, budgetMs = 200): Link {
  const { prefix, onWarning } = parseStoreOptions(options);
  const driver = driverOf(client);
  const warn = createWarn(onWarning);
  const connection = driver.connect();
  const peerOf = createPeers((key) => connection.nodeOf(key), monotonic);
  const clock = createListeningClock(monotonic);
  const closing = new Set<() => void>();
  let isClosed = false;
  let renewedAt = -Infinity;

  function close(): void {
    if (isClosed) return;
    isClosed = true;
    connection.close();
    for (const listener of closing) listener();
  }
  driver.onEnd(close);

  /** After a failover behind one address, only a new connection finds the new master. */
  function renew(): void {
    if (monotonic() - renewedAt < renewEveryMs) return;
    renewedAt = monotonic();
    connection.renew();
  }

  async function untilReady(until: number): Promise<void> {
    while (!connection.isReady()) {
      if (isClosed) throw new RedisStoreError("closed");
      if (clock.now() >= until) throw new RedisStoreError("unreachable");
      await pause();
    }
  }

  async function evaluate(
    { text, digest }: Script,
    keys: readonly string[],
    args: readonly (string | number)[],
    until: number,
  ): Promise<ScriptAnswer> {
    const peer = peerOf(keys[0]);
    const deadline = Number.isFinite(peer.aheadMs) ? Math.floor(monotonic() + (until - clock.now()) + peer.aheadMs) : 0;
    const tail = [String(keys.length), ...keys, ...args.map(String), String(deadline)];
    const answer: unknown = await connection.send(keys[0], ["evalsha", digest, ...tail]).catch((error: unknown) => {
      if (replyOf(error) !== "NOSCRIPT") throw error;
      if (clock.now() >= until) throw new RedisStoreError("unanswered");
      return connection.send(keys[0], ["eval", text, ...tail]);
    });
    const parsed = parseScriptAnswer(answer);
    if (parsed === undefined) throw new RedisStoreError("refused", "ERR");
    // Too little by what the answer took, never too much: what is given up is given up there too. An answer that took
    // too long tells nothing, and one for a key that was moved meanwhile does not tell whose clock it is.
    if (clock.now() < until && peerOf(keys[0]) === peer) peer.aheadMs = parsed.now - monotonic();
    return parsed;
  }

  /** One command, and once more where that may help. After `until` it sends nothing. */
  async function attempt<T>(
    { rest }: Peer,
    until: number,
    once: Once<T>,
    said: (refusal: unknown) => void,
  ): Promise<T> {
    for (let isLast = false; ; isLast = true) {
      await untilReady(until);
      try {
        const answer = await once();
        rest.answered();
        if (answer !== undefined) return answer;
      } catch (error) {
        const reply = replyOf(error);
        // Whoever answers at all does not hang.
        if (reply !== undefined) rest.answered();
        if (reply === "READONLY" || reply === "MASTERDOWN") renew();
        if (isLast || (reply !== undefined && !passing.has(reply))) throw error;
        if (reply !== undefined) said(error);
        await pause();
      }
      if (clock.now() >= until) throw new RedisStoreError("unanswered");
    }
  }

  function withinBudget<T>(key: string | undefined, until: number, once: Once<T>): Promise<T> {
    if (isClosed) return Promise.reject(new RedisStoreError("closed"));
    const peer = peerOf(key);
    if (!peer.rest.enter())
      return Promise.reject(new RedisStoreError(connection.isReady() ? "unanswered" : "unreachable"));
    return new Promise((resolve, reject) => {
      let isOver = false;
      /** What Redis said to the first attempt: it tells more than that there was no time for another. */
      let refusal: unknown;
      function fail(error: unknown): void {
        if (isOver) return;
        isOver = true;
        const told = storeErrorOf(replyOf(error) === undefined && refusal !== undefined ? refusal : error);
        const isSilent = told.code === "unanswered" || told.code === "unreachable";
        // Of a key that was moved meanwhile, it is not known who was silent.
        if (isSilent && peerOf(key) === peer) peer.rest.failed();
        reject(told);
      }
      const giveUp = (): void => fail(new RedisStoreError(connection.isReady() ? "unanswered" : "unreachable"));
      let timer = arm();
      function arm(): NodeJS.Timeout {
        return setTimeout(check, Math.max(0, until - clock.now()));
      }
      function check(): void {
        if (clock.now() < until) timer = arm();
        // If it was our own process that was busy, the answer may have arrived: it is read before this gives up.
        else setImmediate(giveUp);
      }
      clock.enter();
      attempt(peer, until, once, (error) => (refusal = error))
        .then((answer) => {
          isOver = true;
          resolve(answer);
        }, fail)
        .finally(() => {
          clearTimeout(timer);
          clock.leave();
        });
    });
  }

  return {
    ...{ keys: createKeys(prefix), warn, close },
    listen: (channel, listener) => driver.listen(channel, listener),
    onClose: (listener) => void closing.add(listener),
    until: () => clock.now() + budgetMs,
    async run(script, keys, args, until = clock.now() + budgetMs) {
      const { note, answer } = await withinBudget(keys[0], until, async () => {
        const said = await evaluate(script, keys, args, until);
        // Late in time: it is the clock of Redis that we did not know, and do now.
        return said.state === "late" ? undefined : said;
      });
      if (note !== "") warn(note === "foreign" ? warnsOfForeign(keys[0]) : warnsOfNewer(keys[0]));
      return answer;
    },
    async info(section) {
      const until = clock.now() + budgetMs;
      return String(await withinBudget(undefined, until, () => connection.send(undefined, ["info", section])));
    },
  };
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, pauseMs));
}
