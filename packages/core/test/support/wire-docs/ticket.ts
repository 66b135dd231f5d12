import { generateKeyPairSync } from "node:crypto";
import { createTicket } from "../../../src/protocol/ticket.ts";

const now = Date.UTC(2026, 0, 1);

/** Header and claims of a ticket that `createTicket` made at the beginning of 2026; the key is thrown away. */
export function sampleTicket(): { readonly keyId: string; readonly parts: readonly string[] } {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const key = { private_key_id: "key-1", private_key: pem, env_id: "demo" };
  const [keyId = "", token = ""] = createTicket({ key, uid: "user-1", envId: "demo", now }).split("/@@/");
  const parts = token.split(".", 2).map((part) => Buffer.from(part, "base64url").toString());
  return { keyId, parts };
}
