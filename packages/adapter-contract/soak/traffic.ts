import { setTimeout as wait } from "node:timers/promises";
import { bearer } from "../src/cases/case.ts";
import { exchange } from "../src/wire.ts";
import type { Trouble } from "./trouble.ts";
import type { TokenKind, Wallet } from "./wallet.ts";

export interface Counts {
  readonly sent: number;
  /** How often each status was answered, by server and kind of token. */
  readonly statuses: ReadonlyMap<string, number>;
  readonly unexpected: readonly string[];
}

export interface Traffic {
  /** Sends for so long, and comes back when all is answered. */
  readonly runFor: (ms: number) => Promise<void>;
  readonly counts: () => Counts;
}

const names = ["Express, local", "Koa, hybrid", "Fastify, introspection"];
const perSecond = 100;
/** Kinds by how often they are presented. */
const mix: readonly TokenKind[] = [
  ...Array<TokenKind>(10).fill("valid"),
  ...(["refreshed", "refreshed", "anonymous", "revoked", "forged", "forged", "unknown kid", "junk", "none"] as const),
];

export function startTraffic(ports: readonly number[], wallet: Wallet, trouble: Trouble): Traffic {
  const statuses = new Map<string, number>();
  const unexpected: string[] = [];
  const begun = performance.now();
  const atSeconds = (): number => (performance.now() - begun) / 1_000;
  let sent = 0;

  async function sendOne(): Promise<void> {
    const server = sent % ports.length;
    const kind = mix[Math.floor(Math.random() * mix.length)] ?? "none";
    sent += 1;
    const token = wallet.pick(kind);
    const wasSettling = trouble.isSettling(atSeconds());
    const status = await statusOf(ports[server] ?? 0, token);
    // What was sent before a rotation may be judged after it.
    const allowed = expected(kind, server, wasSettling || trouble.isSettling(atSeconds()));
    const place = `${names[server] ?? ""}: ${kind}`;
    statuses.set(`${place}: ${status}`, (statuses.get(`${place}: ${status}`) ?? 0) + 1);
    if (!allowed.includes(status)) unexpected.push(`${atSeconds().toFixed(1)} s: ${place}: ${status}`);
  }

  return {
    async runFor(ms) {
      const from = performance.now();
      const underWay: Promise<void>[] = [];
      let due = 0;
      while (performance.now() - from < ms) {
        await trouble.next(atSeconds());
        for (; due < ((performance.now() - from) / 1_000) * perSecond; due += 1) underWay.push(sendOne());
        await wait(10);
      }
      await Promise.all(underWay);
    },
    counts: () => ({ sent, statuses, unexpected }),
  };
}

/**
 * What may be answered. Where introspection decides, its outage is 503. While an instance may not know the new key yet,
 * its tokens are 401, or 503 if the key set is out too.
 */
function expected(kind: TokenKind, server: number, isSettling: boolean): readonly string[] {
  const introspects = server === 2;
  const usual = usualStatus(kind);
  if (kind === "none" || kind === "junk" || kind === "revoked") return [usual];
  if (isSettling) return [usual, "401", "503"];
  return introspects || kind === "unknown kid" ? [usual, "503"] : [usual];
}

function usualStatus(kind: TokenKind): string {
  if (kind === "valid" || kind === "refreshed") return "200";
  return kind === "anonymous" ? "403" : "401";
}

async function statusOf(port: number, token: string): Promise<string> {
  try {
    const { status } = await exchange(port, { lines: token === "" ? [] : [bearer(token)] });
    return String(status);
  } catch (error) {
    return error instanceof Error ? error.message : "no answer";
  }
}
