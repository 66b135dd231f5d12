import type { Emulator, Fault } from "@cloudbase-auth/emulator";
import type { Wallet } from "./wallet.ts";

/** What befalls the authorization server while the traffic goes on. */
export interface Trouble {
  /** Lets happen what is due, `atSeconds` into the soak. */
  readonly next: (atSeconds: number) => Promise<void>;
  /** Whether an instance may not know the new key yet: an unknown kid asks at most every 5 seconds. */
  readonly isSettling: (atSeconds: number) => boolean;
}

const settlesInSeconds = 15;
const faults: readonly Fault[] = [
  { kind: "status", status: 500 },
  { kind: "hang" },
  { kind: "reset" },
  { kind: "garbage" },
  { kind: "huge" },
  { kind: "drip" },
  { kind: "slow", delayMs: 1_500 },
  { kind: "status", status: 429, headers: { "retry-after": "2" } },
];

const everySeconds = 120;
const rotationAt = 10;
// The second is when the server's words on the tokens are about to be a minute old, and count no longer.
const outagesAt = [35, 68];

/**
 * Every two minutes a rotation and two outages, each in another way; a refresh and a revocation every half minute.
 *
 * There are few tokens on purpose: the instances keep thousands, and would still be filling their caches at the end.
 */
export function createTrouble(emulator: Emulator, wallet: Wallet): Trouble {
  let rotatedAt = -Infinity;
  let doneUntil = 0;
  let outages = 0;

  async function happen(second: number): Promise<void> {
    if (second % everySeconds === rotationAt) {
      rotatedAt = second;
      await emulator.rotateKeys();
      await wallet.renew();
    } else if (outagesAt.includes(second % everySeconds)) {
      const fault = faults[outages % faults.length] ?? { kind: "hang" };
      outages += 1;
      emulator.failNext("GET /auth/v1/certs", fault, 4);
      emulator.failNext("GET /auth/v1/token/introspect", fault, 12);
    } else if (second % 30 === 2) await wallet.refresh();
    else if (second % 30 === 17) await wallet.revoke();
  }

  return {
    async next(atSeconds) {
      for (; doneUntil < Math.floor(atSeconds); doneUntil += 1) await happen(doneUntil + 1);
    },
    isSettling: (atSeconds) => atSeconds - rotatedAt < settlesInSeconds,
  };
}
