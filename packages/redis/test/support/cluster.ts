import { freePort, startRedis } from "./redis.ts";
import type { RedisServer } from "./redis.ts";

const slots = 16_384;

/** Three masters without replicas, each with a third of the slots. */
export interface RedisCluster {
  readonly nodes: readonly RedisServer[];
  readonly urls: readonly string[];
  stop(): Promise<void>;
}

export async function startCluster(): Promise<RedisCluster> {
  const nodes = await Promise.all([0, 1, 2].map(startNode));
  const share = Math.ceil(slots / nodes.length);
  for (const [n, node] of nodes.entries()) {
    await node.admin("CLUSTER", "ADDSLOTSRANGE", n * share, Math.min((n + 1) * share, slots) - 1);
    await node.admin("CLUSTER", "SET-CONFIG-EPOCH", n + 1);
  }
  const [first, ...others] = nodes;
  for (const other of others) await other.admin("CLUSTER", "MEET", "127.0.0.1", first?.port ?? 0, first?.busPort ?? 0);
  for (const node of nodes) await untilWhole(node, nodes.length);
  return {
    nodes,
    urls: nodes.map(({ url }) => url),
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
