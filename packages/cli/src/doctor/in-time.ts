/** What a wait ends with when nothing came. */
export class TimeOverError extends Error {
  override readonly name = "TimeOverError";
}

/** The work's outcome, or a rejection after `ms`; the work goes on unheard. @throws TimeOverError */
export async function inTime<Value>(ms: number, work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TimeOverError(`nothing within ${String(ms)} ms`)), ms);
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
