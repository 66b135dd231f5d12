import type { Revocation, RevocationListener, RevocationStore } from "../words/revocation.ts";

const sweepEverySeconds = 60;

/**
 * A store for several instances within one process, and the measure for every other one. What it holds ends with the
 * process.
 *
 * `now` is in milliseconds since the epoch; what has expired is let go of at the next addition or subscription that is a
 * minute later than the last.
 */
export function createMemoryRevocationStore({ now = Date.now }: { readonly now?: () => number } = {}): RevocationStore {
  const listeners = new Set<RevocationListener>();
  const inForce = new Set<Revocation>();
  let sweptAt = -Infinity;

  function sweep(): void {
    const nowSeconds = now() / 1_000;
    if (Math.abs(nowSeconds - sweptAt) < sweepEverySeconds) return;
    sweptAt = nowSeconds;
    for (const revocation of inForce) if (revocation.expiresAt < nowSeconds) inForce.delete(revocation);
  }

  return Object.freeze({
    add(revocation: Revocation) {
      sweep();
      inForce.add(revocation);
      for (const listener of listeners) listener.revoked([revocation]);
      return Promise.resolve();
    },
    subscribe(listener: RevocationListener) {
      sweep();
      listeners.add(listener);
      listener.revoked([...inForce]);
      listener.trouble(undefined);
      return () => void listeners.delete(listener);
    },
  });
}
