import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import autocannon from "autocannon";
import { answer } from "./answer.ts";
import { numberOf, textOf } from "./messages.ts";
import type { Input, Numbers } from "./messages.ts";
import { claimsOf } from "./tokens/claims.ts";
import { openPool } from "./tokens/pool.ts";
import { forgeUnknownKey } from "./tokens/signing.ts";

const pool = openPool();
const files = new Map<string, readonly string[]>();

answer({ load });

/** Sends `amount` requests over `connections` connections, which share the tokens out: each token has one connection. */
async function load(input: Input): Promise<Numbers> {
  const [from, count] = [numberOf(input, "from"), numberOf(input, "count")];
  const [connections, amount] = [numberOf(input, "connections"), numberOf(input, "amount")];
  const rate = numberOf(input, "rate");
  const tokenAt = tokensOf(textOf(input, "tokens"));
  const portions = Array.from({ length: connections }, (): string[] => []);
  for (let index = 0; index < count; index += 1) portions[index % connections]?.push(tokenAt(from + index));

  let started = 0;
  let first = 0;
  let last = 0;
  let answered = 0;
  let cpu = process.cpuUsage();
  const { result, done } = start();
  result.on("response", () => {
    last = performance.now();
    if (answered === 0) {
      first = last;
      cpu = process.cpuUsage();
    }
    answered += 1;
  });
  const summary = await done;
  const { user, system } = process.cpuUsage(cpu);
  return {
    answered,
    accepted: summary["2xx"],
    refused: summary["4xx"],
    failed: summary["5xx"],
    errors: summary.errors + summary.timeouts,
    // From the first answer on: what autocannon prepares ahead of it is not the server's.
    perSecond: ((answered - 1) / (last - first)) * 1_000,
    p97Millis: summary.latency.p97_5,
    busy: (user + system) / 1_000 / (last - first),
  };

  function start() {
    let settle: (summary: autocannon.Result) => void;
    let fail: (error: Error) => void;
    const promise = new Promise<autocannon.Result>((resolve, reject) => {
      settle = resolve;
      fail = reject;
    });
    const instance = autocannon(
      {
        url: `http://127.0.0.1:${String(numberOf(input, "port"))}/me`,
        ...{ connections, amount, timeout: 30 },
        ...(rate === 0 ? {} : { overallRate: rate }),
        ...{ sampleInt: 20 }, // how often autocannon looks whether it is done
        setupClient(client) {
          const tokens = portions[started % connections] ?? [];
          started += 1;
          client.setRequests(tokens.map((token) => ({ headers: { authorization: `Bearer ${token}` } })));
        },
      },
      (error: Error | null, summary) => {
        if (error) fail(error);
        else settle(summary);
      },
    );
    return { result: instance, done: promise };
  }
}

/** Of the pool, of keys that nobody has, or of a file with a token a line. */
function tokensOf(source: string): (index: number) => string {
  if (source === "pool") return pool.token;
  if (source === "unknown") return unknownKeyToken;
  const tokens = files.get(source) ?? readFileSync(source, "latin1").split("\n");
  files.set(source, tokens);
  return (index) => tokens[index % tokens.length] ?? "";
}

/** A kid of its own for each: no cache of refusals helps. */
function unknownKeyToken(index: number): string {
  const issuedAt = Math.floor(Date.now() / 1_000) - 60;
  const signature = randomBytes(256).toString("base64url");
  return forgeUnknownKey(claimsOf(index, issuedAt, 3_600), `unknown-${String(index)}`, signature);
}
