import type { EmulatorClock } from "./clock.ts";
import type { Random } from "./random.ts";

/** Opaque, unguessable, short-lived strings that stand for something the holder has proved. */
export interface Tickets<Proof> {
  readonly lifetimeSeconds: number;
  issue(proof: Proof): string;
  /** What the ticket proves; `undefined` when it is unknown, expired or spent. */
  read(ticket: string): Proof | undefined;
  /** After this the ticket proves nothing. */
  spend(ticket: string): void;
}

export function createTickets<Proof>(clock: EmulatorClock, random: Random, lifetimeSeconds: number): Tickets<Proof> {
  const issued = new Map<string, { proof: Proof; expiresAt: number }>();

  return {
    lifetimeSeconds,
    issue(proof) {
      const ticket = random.base64url(32);
      issued.set(ticket, { proof, expiresAt: clock.now() + lifetimeSeconds * 1000 });
      return ticket;
    },
    read(ticket) {
      const entry = issued.get(ticket);
      return entry && clock.now() < entry.expiresAt ? entry.proof : undefined;
    },
    spend(ticket) {
      issued.delete(ticket);
    },
  };
}
