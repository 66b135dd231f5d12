import { printable } from "./printable.ts";

const patienceMs = 1_000;
const clearLine = "\r\u001b[K";

/**
 * Says on stderr what is being waited for, from the first second on, and wipes it out again. Only on a terminal: a log
 * has no use for it.
 */
export async function during<Value>(what: string, work: Promise<Value>): Promise<Value> {
  const { stderr } = process;
  if (!stderr.isTTY) return work;
  const startedAt = performance.now();
  let shown = false;
  const timer = setInterval(() => {
    shown = true;
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    stderr.write(`${clearLine}… ${printable(what)} (${String(seconds)} s)`);
  }, patienceMs);
  const clear = (): void => {
    if (shown) stderr.write(clearLine);
  };
  const interrupted = (): void => {
    clear();
    // Ended by the signal itself, as whoever started the command expects.
    process.kill(process.pid, "SIGINT");
  };
  process.once("SIGINT", interrupted);
  try {
    return await work;
  } finally {
    process.off("SIGINT", interrupted);
    clearInterval(timer);
    clear();
  }
}
