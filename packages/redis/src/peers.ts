import { createRest } from "./rest.ts";
import type { Rest } from "./rest.ts";

/** What is known of a server that answers for a key. */
export interface Peer {
  readonly rest: Rest;
  /**
   * What has to be added to our monotonic clock to get the one of Redis. As long as it is not known, a command comes too
   * late, and the answer tells it.
   */
  aheadMs: number;
}

// As many nodes as Redis recommends for a Cluster at most. Those that are gone are forgotten, and not only they if need
// be: whoever is forgotten is learned anew with the next answer.
const mostPeers = 1_000;

/**
 * One server is one peer, and each node of a Cluster is: one that hangs or has another clock is no matter of the others.
 * `nodeOf` names the node that has a key, if any is known; a key that is moved has another peer from then on.
 */
export function createPeers(
  nodeOf: (key: string) => string | undefined,
  monotonic: () => number,
): (key: string | undefined) => Peer {
  const peers = new Map<string | undefined, Peer>();
  return (key) => {
    const node = key === undefined ? undefined : nodeOf(key);
    let peer = peers.get(node);
    if (peer === undefined) {
      const [oldest] = peers.keys();
      if (peers.size === mostPeers) peers.delete(oldest);
      peer = { rest: createRest(monotonic), aheadMs: -Infinity };
      peers.set(node, peer);
    }
    return peer;
  };
}
