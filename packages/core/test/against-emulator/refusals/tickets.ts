import { generateKeyPairSync } from "node:crypto";
import type { Refusal } from "../support/refusal.ts";
import { methodsOff } from "../support/stage.ts";
import type { Scene } from "../support/stage.ts";

/** Signs in with a good ticket, or with what was made of it. */
const enter =
  ({ seconds = 0, change = (ticket: string) => ticket, providerId = "custom" } = {}) =>
  async ({ client, emulator }: Scene) => {
    const ticket = change(client.createTicket({ key: await emulator.customLoginKey(), uid: "own-id-1" }));
    emulator.clock.advance(seconds);
    return client.signInWithTicket({ ticket, providerId });
  };

/** Of somebody who knows the key's id, and signs with a key of their own. */
async function enterForged({ client, emulator }: Scene): Promise<unknown> {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const own = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const key = { ...(await emulator.customLoginKey()), private_key: own };
  return client.signInWithTicket({ ticket: client.createTicket({ key, uid: "own-id-1" }) });
}

async function enterElsewhere({ client, createClient, emulator }: Scene): Promise<unknown> {
  const { env_id: _, ...key } = await emulator.customLoginKey();
  const ticket = createClient({ envId: "another-env" }).createTicket({ key, uid: "own-id-1" });
  return client.signInWithTicket({ ticket });
}

const otherKeyId = (ticket: string): string => `another-key${ticket.slice(ticket.indexOf("/@@/"))}`;
const withoutKeyId = (ticket: string): string => ticket.slice(ticket.indexOf("/@@/") + 4);

export const ticketRefusals: readonly Refusal[] = [
  ["signInWithTicket", "it is older than ten minutes", enter({ seconds: 601 }), "invalid_argument"],
  ["signInWithTicket", "it was changed", enter({ change: (ticket) => ticket.slice(0, -4) }), "invalid_argument"],
  ["signInWithTicket", "nobody knows its key", enter({ change: otherKeyId }), "invalid_argument"],
  ["signInWithTicket", "it is a JWT alone", enter({ change: withoutKeyId }), "invalid_argument"],
  ["signInWithTicket", "it is signed by somebody else", enterForged, "invalid_argument"],
  ["signInWithTicket", "it is for another environment", enterElsewhere, "invalid_argument"],
  ["signInWithTicket", "the provider is unknown", enter({ providerId: "other" }), "not_found"],
  ["signInWithTicket", "custom sign-in is switched off", enter(), "not_found", { options: methodsOff }],
];
