import type { SessionCluster, SessionServer } from "./session-cluster.ts";

/** Where in the exchange of a refresh token a process is killed, and what the next request of the session finds. */
export const crashPoints = {
  "before it is begun": "goes on",
  "after it is begun": "goes on",
  // The server has spent the old token, and nobody has the new one: it takes the next attempt for a theft.
  "while the server is asked": "one sign-in",
  "after the server has answered": "one sign-in",
  "after it is written down": "goes on",
  "before the answer is sent": "goes on",
} as const;

export type CrashPoint = keyof typeof crashPoints;

export interface Aftermath {
  readonly outcome: "goes on" | "one sign-in" | `status ${number}`;
  /** By both processes. */
  readonly exchanges: number;
  /** What three more requests exchanged; more than 0 is a loop. */
  readonly exchangesAfter: number;
  readonly tookMs: number;
}

const hours = 3_600;

/** Lets a process die in the middle of an exchange, and shows what becomes of the session at another one. */
export async function crash(cluster: SessionCluster, healthy: SessionServer, point: CrashPoint): Promise<Aftermath> {
  const doomed = await cluster.start(point);
  const visitor = await cluster.signIn(healthy);
  await cluster.advance(2 * hours, [healthy, doomed]);
  const before = cluster.exchanges();
  if (point === "while the server is asked") {
    cluster.emulator.failNext("POST /auth/v1/token", { kind: "slow", delayMs: 400 });
  }
  await visitor
    .copy()
    .send(doomed.port, { target: "/me" })
    .then(
      ({ status }) => {
        throw new Error(`the process was to die ${point}, and answered ${String(status)}`);
      },
      () => undefined,
    );
  await doomed.running.exit;

  const begun = performance.now();
  const { status } = await visitor.send(healthy.port, { target: "/me" });
  const tookMs = performance.now() - begun;
  const exchanges = cluster.exchanges() - before;
  for (const _ of [1, 2, 3]) await visitor.send(healthy.port, { target: "/me" });
  const exchangesAfter = cluster.exchanges() - before - exchanges;
  if (status !== 401)
    return { outcome: status === 200 ? "goes on" : `status ${status}`, exchanges, exchangesAfter, tookMs };
  const again = await cluster.signIn(healthy);
  const after = await again.send(healthy.port, { target: "/me" });
  return {
    outcome: after.status === 200 ? "one sign-in" : `status ${after.status}`,
    exchanges,
    exchangesAfter,
    tookMs,
  };
}
