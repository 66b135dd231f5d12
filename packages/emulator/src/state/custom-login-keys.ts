import { createPrivateKey, createPublicKey, generateKeyPair } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { createRandom } from "./random.ts";

/** The file that the console lets one download for custom sign-in, as the official Node SDK takes it. */
export interface CustomLoginKeyFile {
  readonly private_key_id: string;
  /** PEM */
  readonly private_key: string;
  readonly env_id: string;
}

/** A key that the emulator shall know; the public half alone is enough to check tickets. */
export type CustomLoginKey =
  | CustomLoginKeyFile
  | { readonly private_key_id: string; readonly public_key: string; readonly env_id: string };

/** The keys that custom tickets are signed with. */
export interface CustomLoginKeys {
  /** The public half. */
  find(privateKeyId: string): KeyObject | undefined;
  /** The file of the first key with a private half; without one, of a key that is made for it. */
  file(): Promise<CustomLoginKeyFile>;
}

const generate = promisify(generateKeyPair);

/** @throws TypeError that names the option and what it may be */
export function createCustomLoginKeys(envId: string, given: readonly CustomLoginKey[]): CustomLoginKeys {
  const byId = new Map<string, KeyObject>();
  for (const [index, key] of given.entries()) {
    const at = `customLoginKeys[${String(index)}]`;
    if (key.env_id !== envId) throw new TypeError(`${at}.env_id must be this environment's, "${envId}".`);
    if (typeof key.private_key_id !== "string" || !/^[\w.-]{1,128}$/.test(key.private_key_id)) {
      throw new TypeError(`${at}.private_key_id must be 1 to 128 letters, digits, ".", "_" and "-".`);
    }
    byId.set(key.private_key_id, parsePublicKey(key, at));
  }
  let file: Promise<CustomLoginKeyFile> | undefined;

  const make = async (): Promise<CustomLoginKeyFile> => {
    const { privateKey, publicKey } = await generate("rsa", { modulusLength: 2048 });
    const id = createRandom().uuid();
    byId.set(id, publicKey);
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    return { private_key_id: id, private_key: pem, env_id: envId };
  };

  return {
    find: (id) => byId.get(id),
    file() {
      const own = given.find((key): key is CustomLoginKeyFile => "private_key" in key);
      return own ? Promise.resolve(own) : (file ??= make());
    },
  };
}

/** Keys of 1024 bits are let in: old key files have them. */
function parsePublicKey(key: CustomLoginKey, at: string): KeyObject {
  let publicKey: KeyObject;
  try {
    publicKey = createPublicKey("private_key" in key ? createPrivateKey(key.private_key) : key.public_key);
  } catch (cause) {
    throw new TypeError(`${at} needs a private_key or a public_key in PEM.`, { cause });
  }
  if (publicKey.asymmetricKeyType !== "rsa") throw new TypeError(`${at} must be an RSA key.`);
  return publicKey;
}
