import { listOf } from "../../src/script.ts";
import { freePort, startRedis } from "./redis.ts";
import type { RedisServer } from "./redis.ts";

const slots = 16_384;

/** Three masters without replicas, each with a third of the slots. */
export interface RedisCluster {
  readonly nodes: readonly RedisServer[];
  readonly urls: readonly string[];
  /** Where the slots of each node begin. */
  readonly firstSlots: readonly number[];
  /** Gives a slot, and what is in it, from one node to another; each says so from then on. */
  move(slot: number, from: RedisServer, to: RedisServer): Promise<void>;
  /** Whether `work` sent a command to a node that had to name another. */
  redirects(work: () => Promise<unknown>): Promise<boolean>;
  stop(): Promise<void>;
}

export async function startCluster(): Promise<RedisCluster> {
  const nodes = await Promise.all([0, 1, 2].map(startNode));
  const share = Math.ceil(slots / nodes.length);
  const firstSlots = nodes.map((_node, n) => n * share);
  for (const [n, node] of nodes.entries()) {
    await node.admin("CLUSTER", "ADDSLOTSRANGE", n * share, Math.min((n + 1) * share, slots) - 1);
    await node.admin("CLUSTER", "SET-CONFIG-EPOCH", n + 1);
  }
  const [first, ...others] = nodes;
  for (const other of others) await other.admin("CLUSTER", "MEET", "127.0.0.1", first?.port ?? 0, first?.busPort ?? 0);
  for (const node of nodes) await untilWhole(node, nodes.length);
  return {
    ...{ nodes, firstSlots },
    urls: nodes.map(({ url }) => url),
    async move(slot, from, to) {
      const id = String(await to.admin("CLUSTER", "MYID"));
      await to.admin("CLUSTER", "SETSLOT", slot, "IMPORTING", String(await from.admin("CLUSTER", "MYID")));
      await from.admin("CLUSTER", "SETSLOT", slot, "MIGRATING", id);
      const keys = listOf(await from.admin("CLUSTER", "GETKEYSINSLOT", slot, 1_000)).map(String);
      if (keys.length > 0) await from.admin("MIGRATE", "127.0.0.1", to.port, "", 0, 5_000, "KEYS", ...keys);
      for (const node of new Set([to, ...nodes])) await node.admin("CLUSTER", "SETSLOT", slot, "NODE", id);
    },
    async redirects(work) {
      for (const node of nodes) await node.admin("CONFIG", "RESETSTAT");
      await work();
      const errors = await Promise.all(nodes.map((node) => node.admin("INFO", "errorstats")));
      return errors.some((text) => String(text).includes("MOVED"));
    },
    stop: async () => void (await Promise.all(nodes.map((node) => node.stop()))),
  };
}

async function startNode(): Promise<RedisServer & { readonly busPort: number }> {
  const busPort = await freePort();
  const settings = ["--cluster-enabled", "yes", "--cluster-port", String(busPort), "--cluster-node-timeout", "1000"];
  return { ...(await startRedis(...settings)), busPort };
}

async function untilWhole(node: RedisServer, size: number): Promise<void> {
  const giveUpAt = performance.now() + 15_000;
  for (;;) {
    const info = String(await node.admin("CLUSTER", "INFO"));
    const links = String(await node.admin("CLUSTER", "NODES"));
    const isWhole = links.trim().split("\n").length === size && !links.includes("handshake");
    if (info.includes("cluster_state:ok") && info.includes(`cluster_slots_ok:${String(slots)}`) && isWhole) return;
    if (performance.now() > giveUpAt) throw new Error(`the Cluster does not come together: ${info}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
