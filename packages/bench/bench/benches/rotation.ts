import { generateKeyPairSync, randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Bench, Context, Outcome } from "../bench.ts";
import { warmFrom } from "../effort.ts";
import { keyFetchers, nameOf } from "../servers/key-fetchers.ts";
import type { KeyFetcher } from "../servers/key-fetchers.ts";
import { startServer } from "../servers/start.ts";
import type { RunningServer } from "../servers/start.ts";
import { startLoadMaker } from "../start-load.ts";
import { claimsOf } from "../tokens/claims.ts";
import { issueRs256 } from "../tokens/signing.ts";

/** Seconds from the publication of a key until its first token is let in; `undefined` if that took too long. */
type Wait = number | undefined;

interface Waits {
  readonly afterFetch: Wait;
  readonly inFlood: Wait;
}

async function observe({ framework, contestant }: KeyFetcher, { effort, keys, pool }: Context): Promise<Waits> {
  const patienceSeconds = effort.quick ? 7 : 40; // some wait for half a minute between fetches
  const [first, second] = [await newKey(), await newKey()];
  const server = await startServer(framework, contestant, keys);
  const flood = startLoadMaker();
  try {
    await status(server, pool.token(warmFrom)); // this one fetched the keys
    server.keyServer.publish([...keys, first.publicJwk]);
    const afterFetch = await untilAccepted(server, first.token, patienceSeconds);
    const fetches = server.keyServer.fetches();
    const plan = { tokens: "unknown", from: 0, count: 5_000, connections: 5, amount: 100_000, rate: 50 } as const;
    flood.send(server.port, plan).catch(() => undefined); // it ends with its process
    // The worst moment is right after the fetch that the flood itself caused.
    const deadline = performance.now() + patienceSeconds * 1_000;
    while (server.keyServer.fetches() === fetches && performance.now() < deadline) await wait(5);
    server.keyServer.publish([...keys, first.publicJwk, second.publicJwk]);
    return { afterFetch, inFlood: await untilAccepted(server, second.token, patienceSeconds) };
  } finally {
    await Promise.all([server.stop(), flood.stop()]);
  }
}

async function newKey() {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const keyId = `rotated-${randomUUID()}`;
  const token = await issueRs256(claimsOf(0, Math.floor(Date.now() / 1_000) - 60, 3_600), keyId, privateKey);
  return { token, publicJwk: { ...publicKey.export({ format: "jwk" }), kid: keyId, alg: "RS256", use: "sig" } };
}

/** Asks with one and the same token until it is let in, as a client would that was just given it. */
async function untilAccepted(server: RunningServer, token: string, patienceSeconds: number): Promise<Wait> {
  const published = performance.now();
  for (;;) {
    const answer = await status(server, token);
    const seconds = (performance.now() - published) / 1_000;
    if (answer === 200) return seconds;
    if (seconds > patienceSeconds) return undefined;
    await wait(20);
  }
}

async function status({ port }: RunningServer, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`http://127.0.0.1:${String(port)}/me`, { headers });
  await response.text();
  return response.status;
}

async function run(context: Context): Promise<Outcome> {
  const seen: { readonly fetcher: KeyFetcher; readonly waits: Waits }[] = [];
  // All at once: mostly they wait.
  await Promise.all(
    keyFetchers().map(async (fetcher) => {
      seen.push({ fetcher, waits: await observe(fetcher, context) });
    }),
  );
  const ours = seen.filter(({ fetcher }) => fetcher.ours).map(({ waits }) => waits);
  const format = (seconds: Wait): string => (seconds === undefined ? "not within the time given" : seconds.toFixed(2));
  return {
    measures: {
      "seconds after a fetch": { value: Math.max(...ours.map(({ afterFetch = Infinity }) => afterFetch)) },
      "seconds during a flood": { value: Math.max(...ours.map(({ inFlood = Infinity }) => inFlood)) },
    },
    tables: [
      {
        title: "A new key: seconds from its publication until its first token is let in",
        head: ["", "published right after a fetch", "published during a flood of unknown keys"],
        rows: keyFetchers().map((fetcher) => {
          const waits = seen.find((one) => nameOf(one.fetcher) === nameOf(fetcher))?.waits;
          return [nameOf(fetcher), format(waits?.afterFetch), format(waits?.inFlood)];
        }),
      },
    ],
  };
}

export const rotation: Bench = {
  name: "rotation",
  about: "a key is published: how long until its tokens are let in, in peace and in a flood?",
  timed: false,
  run,
};
