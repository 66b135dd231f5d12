import { createCloudbaseAuth } from "@cloudbase-auth/core";
import type { CloudbaseAuth, WarningEvent } from "@cloudbase-auth/core";
import { flagsHint, whereItIs } from "../configuration.ts";
import type { OneEnvironment } from "../configuration.ts";
import { failed, ok, skipped } from "../terminal/checklist.ts";
import type { Finding, Outcome } from "../terminal/checklist.ts";
import { checkClient, checkIntrospection } from "./client.ts";
import { judgeClock } from "./clock.ts";
import { checkConnection } from "./connection.ts";
import { checkKeySet } from "./key-set.ts";
import { judgeLatency } from "./latency.ts";
import { checkName } from "./name.ts";
import { checkNode } from "./node-version.ts";
import { checkRedis } from "./redis.ts";
import { takeSamples } from "./samples.ts";
import type { Samples } from "./samples.ts";

/** Makes a check as a whole, and says meanwhile what is being waited for. */
export type Examiner = (name: string, doing: string, check: () => Outcome | Promise<Outcome>) => Promise<Finding>;

const defaultTolerance = 5;

/** All checks in the order in which one rests on another; what rests on one that failed is skipped, and says so. */
export async function examine(
  options: OneEnvironment,
  redisUrl: string | undefined,
  examineOne: Examiner,
): Promise<void> {
  await examineOne("Node.js", "looking at Node.js", () => checkNode());
  const warnings: WarningEvent[] = [];
  let auth: CloudbaseAuth | undefined;
  await examineOne("Configuration", "reading the configuration", () => {
    try {
      auth = createCloudbaseAuth({ ...options, onWarning: (warning) => warnings.push(warning) });
      const { envId, endpoint } = whereItIs(auth);
      return ok(`environment ${envId} at ${endpoint}`);
    } catch (error) {
      if (error instanceof TypeError) return failed(error.message, `Yours to fix. ${flagsHint}`);
      throw error;
    }
  });
  if (auth === undefined) {
    for (const name of ["DNS", "Connection", "Latency", "Key set", "Clock", "Introspection", "Client"]) {
      await examineOne(name, name, () => skipped("not looked at without a configuration"));
    }
  } else {
    try {
      await examineServer(auth, options, warnings, examineOne);
    } finally {
      await auth.close();
    }
  }
  await examineOne("Redis", "asking Redis", () => checkRedis(redisUrl));
}

async function examineServer(
  auth: CloudbaseAuth,
  options: OneEnvironment,
  warnings: readonly WarningEvent[],
  examineOne: Examiner,
): Promise<void> {
  const { endpoint } = whereItIs(auth);
  const named = await examineOne("DNS", "looking the name up", () => checkName(endpoint));
  const connected = await examineOne("Connection", `connecting to ${endpoint}`, () =>
    named.outcome === "failed" ? skipped("not tried without an address") : checkConnection(endpoint),
  );
  const isConnected = connected.outcome === "ok";
  let samples: Samples = { answered: false, why: "broken", code: "" };
  await examineOne("Latency", `asking ${endpoint} a few times`, async () => {
    if (!isConnected) return skipped("not measured without a connection");
    samples = await takeSamples(`${endpoint}/auth/v1/certs`);
    return judgeLatency(samples, endpoint);
  });
  const ifAnswered = (check: () => Outcome | Promise<Outcome>) => () =>
    samples.answered ? check() : skipped("not asked: the server does not answer");
  await examineOne(
    "Key set",
    "fetching the key set",
    ifAnswered(() => checkKeySet(auth, samples, warnings)),
  );
  const tolerance = options.clockToleranceSeconds ?? defaultTolerance;
  await examineOne(
    "Clock",
    "comparing the clocks",
    ifAnswered(() => judgeClock(samples, tolerance)),
  );
  await examineOne(
    "Introspection",
    "asking about a made-up token",
    ifAnswered(() => checkIntrospection(auth)),
  );
  const { CLOUDBASE_CLIENT_ID, CLOUDBASE_CLIENT_SECRET } = process.env;
  const clientId = (options.clientId ?? CLOUDBASE_CLIENT_ID) || undefined;
  const hasSecret = ((options.clientSecret ?? CLOUDBASE_CLIENT_SECRET) || undefined) !== undefined;
  await examineOne(
    "Client",
    "showing the client's credentials",
    ifAnswered(() => checkClient(auth, { clientId, hasSecret })),
  );
}
