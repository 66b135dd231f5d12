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

/** The mean of one check over portions that `make` makes afresh, each time off the clock. */
export async function meanOf(make: () => readonly AuthRequest[], portions: number, check: Check): Promise<Numbers> {
  let [cpu, wall, checks] = [0, 0, 0];
  for (let portion = 0; portion < portions; portion += 1) {
    const requests = make();
    const { cpuMicros = 0, wallMicros = 0 } = await runThrough(requests, check);
    cpu += cpuMicros;
    wall += wallMicros;
    checks += requests.length;
  }
  return { cpuMicros: cpu / checks, wallMicros: wall / checks };
}
