import type { AuthRequest } from "@cloudbase-auth/core";
import type { Numbers } from "../messages.ts";

/** Checks the token of a request; the answer is truthy if it was accepted. */
export type Check = (request: AuthRequest) => unknown;

/** One after the other, as the event loop would; the requests were made ahead of the clock. */
export async function runThrough(requests: readonly AuthRequest[], check: Check): Promise<Numbers> {
  let accepted = 0;
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (const request of requests) {
    const checked = check(request);
    if (checked instanceof Promise ? await checked : checked) accepted += 1;
  }
  const wallMicros = (performance.now() - start) * 1_000;
  const { user, system } = process.cpuUsage(cpu);
  if (accepted !== requests.length) throw new Error(`${String(accepted)} of ${String(requests.length)} were accepted`);
  return { cpuMicros: user + system, wallMicros };
}

// Few enough that what was just written is still in the processor's cache, as a header is that the parser just read.
const portion = 100;

/** The mean of `count` checks; `make` makes the requests in portions, off the clock. */
export async function meanOf(count: number, make: (index: number) => AuthRequest, check: Check): Promise<Numbers> {
  let [cpu, wall] = [0, 0];
  for (let from = 0; from < count; from += portion) {
    const size = Math.min(portion, count - from);
    const requests = Array.from({ length: size }, (_, offset) => make(from + offset));
    const { cpuMicros = 0, wallMicros = 0 } = await runThrough(requests, check);
    cpu += cpuMicros;
    wall += wallMicros;
  }
  return { cpuMicros: cpu / count, wallMicros: wall / count };
}
