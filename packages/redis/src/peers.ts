import { createRest } from "./rest.ts";
import type { Rest } from "./rest.ts";
import { slotCount, slotOf } from "./slot.ts";

/** What is known of a server that answers for a key. */
export interface Peer {
  readonly rest: Rest;
  /**
   * What has to be added to our monotonic clock to get the one of Redis. As long as it is not known, a command comes too
   * late, and the answer tells it.
   */
  aheadMs: number;
}

const shares = 16;

/**
 * One server is one peer. Of a Cluster nobody tells us which node has which slots; a sixteenth of the slots, one after
 * another as they are given out, stands for a node, so that one that hangs or has another clock is no matter of the others.
 */
export function createPeers(isCluster: boolean, monotonic: () => number): (key: string | undefined) => Peer {
  const peers = Array.from({ length: isCluster ? shares : 1 }, (): Peer => {
    return { rest: createRest(monotonic), aheadMs: -Infinity };
  });
  const [first] = peers;
  return (key) => {
    const share = isCluster && key !== undefined ? Math.floor((slotOf(key) * shares) / slotCount) : 0;
    const peer = peers[share] ?? first;
    if (peer === undefined) throw new RangeError("there is no peer");
    return peer;
  };
}
