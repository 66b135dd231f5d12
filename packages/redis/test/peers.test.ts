import { describe, expect, it } from "vitest";
import { createPeers } from "../src/peers.ts";

const monotonic = (): number => 0;

describe("peers", () => {
  it("one server is one peer, whatever the key", () => {
    const peerOf = createPeers(() => undefined, monotonic);
    expect(peerOf("a")).toBe(peerOf("b"));
    expect(peerOf(undefined)).toBe(peerOf("a"));
  });

  it("each node of a Cluster is one, and a key has that of the node that has it now", () => {
    const nodes = new Map([
      ["a", "127.0.0.1:1"],
      ["b", "127.0.0.1:1"],
      ["c", "127.0.0.1:2"],
    ]);
    const peerOf = createPeers((key) => nodes.get(key), monotonic);
    const [first, second] = [peerOf("a"), peerOf("c")];
    expect(peerOf("b")).toBe(first);
    expect(second).not.toBe(first);
    expect(peerOf(undefined)).not.toBe(first);
    expect(peerOf("of a slot that nobody has")).toBe(peerOf(undefined));
    nodes.set("b", "127.0.0.1:2");
    expect(peerOf("b")).toBe(second);
    expect(peerOf("a")).toBe(first);
  });

  it("one that hangs or has another clock is no matter of the others", () => {
    const peerOf = createPeers((key) => key, monotonic);
    for (let n = 0; n < 3; n += 1) peerOf("a").rest.failed();
    peerOf("a").aheadMs = 5;
    expect(peerOf("a").rest.enter()).toBe(false);
    expect(peerOf("b").rest.enter()).toBe(true);
    expect(peerOf("b").aheadMs).toBe(-Infinity);
  });

  it("of nodes that come and go it knows the last thousand", () => {
    const peerOf = createPeers((key) => key, monotonic);
    const known = Array.from({ length: 1_000 }, (_none, n) => peerOf(String(n)));
    expect(peerOf("0")).toBe(known[0]);
    expect(peerOf("one more").aheadMs).toBe(-Infinity);
    expect(peerOf("999")).toBe(known[999]);
    expect(peerOf("0")).not.toBe(known[0]);
  });
});
