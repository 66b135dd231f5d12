import { startChild } from "./child.ts";
import type { Input, Numbers } from "./messages.ts";

/** What is sent: the tokens from..from+count of the pool, of unknown keys, or of a file; `amount` requests in all. */
export interface LoadPlan {
  readonly tokens: "pool" | "unknown" | (string & {});
  readonly from: number;
  readonly count: number;
  readonly connections: number;
  readonly amount: number;
  /** Requests in a second; as many as go without it. */
  readonly rate?: number;
}

/** The second process: it makes the load, so that the server's own process does nothing but serve. */
export interface LoadMaker {
  send(port: number, plan: LoadPlan): Promise<Numbers>;
  stop(): Promise<void>;
}

export function startLoadMaker(): LoadMaker {
  const child = startChild(new URL("load.ts", import.meta.url), []);
  return {
    send(port, plan) {
      const input: Input = { rate: 0, ...plan, port };
      return child.ask("load", input);
    },
    stop: () => child.stop(),
  };
}
