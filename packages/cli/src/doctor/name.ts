import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { failed, ok, skipped } from "../terminal/checklist.ts";
import type { Outcome } from "../terminal/checklist.ts";
import { formatMs } from "../terminal/times.ts";
import { inTime } from "./in-time.ts";

/** Whether the name of the endpoint has an address. */
export async function checkName(endpoint: string): Promise<Outcome> {
  const host = new URL(endpoint).hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0) return skipped(`${host} is an address`);
  const startedAt = performance.now();
  try {
    const addresses = await inTime(5_000, lookup(host, { all: true }));
    const took = formatMs(performance.now() - startedAt);
    return ok(`${host} is ${addresses.map(({ address }) => address).join(", ")} (${took})`);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "no answer within 5 s";
    if (code === "ENOTFOUND") {
      return failed(
        `there is no host ${host}`,
        "Yours to fix: the environment id or the region is most likely misspelt; compare them with the console.",
      );
    }
    return failed(
      `the name ${host} could not be looked up (${code})`,
      "Check this machine's network and its DNS server; nothing is known against your configuration.",
    );
  }
}
