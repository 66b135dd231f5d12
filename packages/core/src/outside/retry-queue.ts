import { createBackoff } from "./backoff.ts";

/** Something that has to be told to a peer that was out of reach. */
export interface RetryTask {
  /** When it has no point any more, in seconds since the epoch. */
  readonly expiresAt: number;
  /** Rejects if it has to be tried again. */
  readonly run: () => Promise<void>;
}

/** Tasks that are tried again, in order, until they succeed or have no point. */
export interface RetryQueue {
  /** Whether there was room for it. */
  add(task: RetryTask): boolean;
  size(): number;
  close(): void;
}

interface RetryQueueParts {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly random: () => number;
}

const maxTasks = 10_000;

/** Waits 1 second after the first failure, doubling to 30; keeps no process alive. */
export function createRetryQueue({ now, monotonic, random }: RetryQueueParts): RetryQueue {
  const tasks = new Set<RetryTask>();
  const backoff = createBackoff(monotonic, random);
  let timer: NodeJS.Timeout | undefined;

  function schedule(): void {
    if (timer !== undefined || tasks.size === 0) return;
    timer = setTimeout(() => {
      void runAll().finally(() => {
        timer = undefined;
        schedule();
      });
    }, backoff.waitMs()).unref();
  }

  async function runAll(): Promise<void> {
    for (const task of tasks) {
      try {
        if (task.expiresAt >= now() / 1_000) await task.run();
        tasks.delete(task);
        backoff.succeeded();
      } catch {
        // The others are for the same peer or for one that is waited for as well.
        backoff.failed();
        return;
      }
    }
  }

  return {
    add(task) {
      if (tasks.size >= maxTasks) return false;
      if (tasks.size === 0) backoff.failed();
      tasks.add(task);
      schedule();
      return true;
    },
    size: () => tasks.size,
    close() {
      clearTimeout(timer);
      tasks.clear();
    },
  };
}
