import { fork } from "node:child_process";
import { once } from "node:events";

export type Question = { readonly id: number } & (
  | { readonly kind: "measure" }
  | { readonly kind: "revoke"; readonly token: string }
);
export interface Reply {
  /** Of the question; 0 for the first message, the ports. */
  readonly id: number;
  readonly value: unknown;
}

/** What the servers' process says of itself; sizes in bytes. */
export interface Measured {
  readonly heap: number;
  readonly rss: number;
  readonly files: number;
  readonly unhandled: number;
}

/** The three servers, in a process of their own. */
export interface Servers {
  /** In the order of the adapters: local, hybrid, introspection. */
  readonly ports: readonly number[];
  readonly measure: () => Promise<Measured>;
  /** At all three instances, and at the server. */
  readonly revoke: (token: string) => Promise<void>;
  readonly isUp: () => boolean;
  /** How the process ended, if it ended by itself. */
  readonly endedWith: () => string | undefined;
  readonly stop: () => Promise<void>;
}

export async function startServers(envId: string, endpoint: string): Promise<Servers> {
  const child = fork(`${import.meta.dirname}/server.ts`, [envId, endpoint], {
    execArgv: ["--conditions=@cloudbase-auth/source", "--expose-gc"],
  });
  const waiting = new Map<number, (value: unknown) => void>();
  let lastId = 0;
  let ended: string | undefined;
  let stopping = false;
  child.on("message", ({ id, value }: Reply) => waiting.get(id)?.(value));
  child.once("exit", (code, signal) => {
    if (!stopping) ended = `the servers ended with ${String(code ?? signal)}`;
    for (const answer of waiting.values()) answer(undefined);
  });

  function reply(id: number): Promise<unknown> {
    return new Promise((resolve) => {
      waiting.set(id, (value) => {
        waiting.delete(id);
        resolve(value);
      });
    });
  }

  function ask(question: Omit<Extract<Question, { kind: "revoke" }>, "id"> | { readonly kind: "measure" }) {
    lastId += 1;
    if (ended !== undefined) return Promise.resolve(undefined);
    child.send({ ...question, id: lastId });
    return reply(lastId);
  }

  const ports = await reply(0);
  if (!Array.isArray(ports)) throw new Error(ended ?? "the servers did not start");
  return {
    ports: ports.map(Number),
    async measure() {
      const measured = await ask({ kind: "measure" });
      return (measured as Measured | undefined) ?? { heap: 0, rss: 0, files: 0, unhandled: 0 };
    },
    async revoke(token) {
      await ask({ kind: "revoke", token });
    },
    isUp: () => ended === undefined,
    endedWith: () => ended,
    async stop() {
      stopping = true;
      if (ended !== undefined) return;
      child.disconnect();
      await once(child, "exit");
    },
  };
}
