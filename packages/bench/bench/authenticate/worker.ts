import type { AuthRequest } from "@cloudbase-auth/core";
import { answer } from "../answer.ts";
import { numberOf } from "../messages.ts";
import type { Numbers } from "../messages.ts";
import { openPool } from "../tokens/pool.ts";
import { contenders } from "./contenders.ts";
import type { Check } from "./contenders.ts";
import { requestOf } from "./request.ts";

// One contender in a process of its own: the others' code must not shape what V8 makes of it.
const [name = "", keyServer = ""] = process.argv.slice(2);
const create = contenders[name];
if (create === undefined) throw new Error(`there is no contender ${name}`);
const pool = openPool();
const given = { publicKey: pool.publicKey, publicJwk: pool.publicJwk, keyServer };
let check: Check = await create(given);

/** One after the other, as the event loop would; the requests are made ahead of the clock. */
async function runThrough(requests: readonly AuthRequest[]): Promise<Numbers> {
  let accepted = 0;
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (const request of requests) {
    const checked = check(request);
    if (checked instanceof Promise ? await checked : checked) accepted += 1;
  }
  const wallMicros = (performance.now() - start) * 1_000;
  const { user, system } = process.cpuUsage(cpu);
  if (accepted !== requests.length)
    throw new Error(`${name} accepted ${String(accepted)} of ${String(requests.length)}`);
  return { cpuMicros: user + system, wallMicros };
}

answer({
  /** Forgets every token that it has seen. */
  async renew() {
    check = await create(given);
    return {};
  },
  /** `passes` times over the tokens from..from+count, each time in fresh strings. */
  async round(input) {
    const [from, count, passes] = [numberOf(input, "from"), numberOf(input, "count"), numberOf(input, "passes")];
    let cpuMicros = 0;
    let wallMicros = 0;
    for (let pass = 0; pass < passes; pass += 1) {
      const requests = Array.from({ length: count }, (_, offset) => requestOf(pool.token(from + offset)));
      const used = await runThrough(requests);
      cpuMicros += numberOf(used, "cpuMicros");
      wallMicros += numberOf(used, "wallMicros");
    }
    const checks = count * passes;
    return { cpuMicros: cpuMicros / checks, wallMicros: wallMicros / checks };
  },
});
