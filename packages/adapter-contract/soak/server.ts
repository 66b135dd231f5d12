// Run as a process of its own by the soak: a server on each adapter, each verifying in another mode.
import { readdirSync } from "node:fs";
import { getHeapSpaceStatistics } from "node:v8";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import type { CloudbaseAuth, CloudbaseAuthOptions } from "@cloudbase-auth/core";
import { adapters } from "../test/support/adapters.ts";
import type { Question, Reply } from "./servers-process.ts";

const [envId = "", endpoint = ""] = process.argv.slice(2);
const modes: readonly NonNullable<CloudbaseAuthOptions["verification"]>[] = [
  { mode: "local" },
  { mode: "hybrid", introspectAfterSeconds: 10, onUnavailable: { allowStaleSeconds: 3_600 } },
  { mode: "introspection" },
];

const instances: CloudbaseAuth[] = [];
const ports: number[] = [];
let unhandled = 0;
// Counted instead of fatal, so that the end of the soak can tell how many there were.
for (const event of ["unhandledRejection", "uncaughtException"] as const) {
  process.on(event, (error: unknown) => {
    unhandled += 1;
    console.error(event, error);
  });
}
process.once("disconnect", () => process.exit());
process.on("message", (question: Question) => {
  void answer(question).then((value) => process.send?.({ id: question.id, value } satisfies Reply));
});

for (const [index, { start }] of adapters.entries()) {
  const auth = createCloudbaseAuth({
    envId,
    endpoint,
    verification: modes[index] ?? { mode: "local" },
    // Full after a minute, so that what they gain later is no cache that fills.
    tokenCache: { maxTokens: 20 },
    keySet: { ttlSeconds: 10, maxStaleSeconds: 3_600 },
    onWarning: () => undefined,
  });
  instances.push(auth);
  ports.push((await start(auth)).port);
}
process.send?.({ id: 0, value: ports } satisfies Reply);

async function answer(question: Question): Promise<unknown> {
  if (question.kind === "revoke") return Promise.all(instances.map((auth) => auth.revoke(question.token)));
  // Twice, because the first finalizes what the second frees.
  globalThis.gc?.();
  globalThis.gc?.();
  return { heap: dataInHeap(), rss: process.memoryUsage().rss, files: openFiles(), unhandled };
}

/** Without compiled code, which V8 goes on to add for minutes, and which is bounded by the program. */
function dataInHeap(): number {
  const spaces = getHeapSpaceStatistics().filter(({ space_name }) => !/code|trusted|read_only/.test(space_name));
  return spaces.reduce((sum, { space_used_size }) => sum + space_used_size, 0);
}

/** Where there is no /proc, none are counted. */
function openFiles(): number {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return 0;
  }
}
