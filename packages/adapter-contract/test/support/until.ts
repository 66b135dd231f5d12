import { setTimeout as wait } from "node:timers/promises";
import { bounds } from "./bounds.ts";

/** Asks until the answer is the one wanted, and answers it. Rejects when that takes longer than the bound. */
export async function until<Value>(
  probe: () => Value | Promise<Value>,
  wanted: (value: Value) => boolean,
  withinMs: number = bounds.recoveryMs,
): Promise<Value> {
  const begun = performance.now();
  for (;;) {
    const value = await probe();
    if (wanted(value)) return value;
    if (performance.now() - begun > withinMs) throw new Error(`after ${withinMs} ms it was still ${String(value)}`);
    await wait(20);
  }
}
