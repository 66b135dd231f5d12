import { createPrivateKey, sign } from "node:crypto";

/** The file that the console gives for custom login, under its own names. */
export interface CustomLoginKey {
  readonly private_key_id: string;
  readonly private_key: string;
  readonly env_id?: string | undefined;
}

export interface TicketInput {
  readonly key: CustomLoginKey;
  /** Your own id of the user: 4 to 32 characters of letters, digits and `_-#@~=*(){}[]:.,<>+`. */
  readonly uid: string;
  /** Whose environment; must equal the key file's. */
  readonly envId: string;
  /** @default 3600000 (1 hour), milliseconds */
  readonly refreshMs?: number | undefined;
  /** Until when the login may last, epoch milliseconds. @default 7 days from now */
  readonly expireAt?: number | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

const allowedUid = /^[a-zA-Z0-9_\-#@~=*(){}[\]:.,<>+]{4,32}$/;
const tenMinutesMs = 600_000;
const hourMs = 3_600_000;
const weekMs = 604_800_000;

/**
 * Makes a custom login ticket in the exact form of the official Node SDK: `{private_key_id}/@@/{JWT}`, RS256, with times
 * in milliseconds (not the seconds of RFC 7519) and good for ten minutes. What `refresh` and `expire` do at the server is
 * not documented.
 *
 * @throws TypeError for a uid or a key file that the server would refuse
 */
export function createTicket({ key, uid, envId, refreshMs = hourMs, expireAt, now }: TicketInput): string {
  if (typeof uid !== "string" || !allowedUid.test(uid)) {
    throw new TypeError("uid must be 4 to 32 characters of letters, digits and _-#@~=*(){}[]:.,<>+");
  }
  if (typeof key?.private_key_id !== "string" || typeof key.private_key !== "string") {
    throw new TypeError("key must be the custom login key file, with private_key_id and private_key");
  }
  if (key.env_id !== undefined && key.env_id !== envId) {
    throw new TypeError(`key is of the environment ${key.env_id}, not of ${envId}`);
  }
  const claims = {
    alg: "RS256",
    env: envId,
    iat: now,
    exp: now + tenMinutesMs,
    uid,
    refresh: refreshMs,
    expire: expireAt ?? now + weekMs,
  };
  const input = [{ alg: "RS256", typ: "JWT" }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  let signature: Buffer;
  try {
    signature = sign("sha256", Buffer.from(input), createPrivateKey(key.private_key));
  } catch {
    // Without the cause: what a key parser says may quote the key.
    throw new TypeError("key.private_key is not a private key in PEM form");
  }
  return `${key.private_key_id}/@@/${input}.${signature.toString("base64url")}`;
}
