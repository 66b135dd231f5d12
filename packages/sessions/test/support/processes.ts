import { createMemoryRefreshCoordinator } from "@cloudbase-auth/core";
import type { AuthResult } from "@cloudbase-auth/core";
import { createMemorySessionStore } from "../../src/index.ts";
import type { BrowserSessions, SessionsOptions } from "../../src/index.ts";
import type { Browser } from "./browser.ts";
import type { World } from "./world.ts";

/** Where sessions are kept. */
export const kinds = ["sealed cookie", "store"] as const;
export type Kind = (typeof kinds)[number];

/** How long an access token lasts, in seconds. */
export const life = 7_200;

/** Starts processes of one application: they share a coordinator of exchanges and, where there is one, a store. */
export interface Starter {
  /** What the coordinator and the store go by, in milliseconds; the world's clock is another one. */
  time: number;
  readonly createProcesses: (kind: Kind, count: number, options?: Partial<SessionsOptions>) => BrowserSessions[];
  readonly createProcess: (kind: Kind, options?: Partial<SessionsOptions>) => BrowserSessions;
}

export function createStarter(world: () => World): Starter {
  const starter: Starter = {
    time: 0,
    createProcesses(kind, count, options = {}) {
      const monotonic = (): number => starter.time;
      const store = kind === "store" ? createMemorySessionStore({ monotonic }) : undefined;
      const coordinator = createMemoryRefreshCoordinator({ monotonic });
      return Array.from({ length: count }, () => {
        const auth = world().createAuth({ refresh: { coordinator } });
        return world().createSessions({ auth, store, ...options });
      });
    },
    createProcess(kind, options) {
      const [only] = starter.createProcesses(kind, 1, options);
      if (only === undefined) throw new Error("there is no process");
      return only;
    },
  };
  return starter;
}

/** Asks with the browser's cookies, and takes over those of the answer. */
export async function browse(sessions: BrowserSessions, browser: Browser): Promise<AuthResult> {
  const result = await sessions.authenticate(browser.request());
  browser.take(result.cookies);
  return result;
}

export async function idOf(sessions: BrowserSessions, browser: Browser): Promise<string> {
  const opened = await sessions.keeper.open(browser.request());
  if (opened.state !== "open") throw new Error(`the session is ${opened.state}`);
  return opened.session.id;
}
