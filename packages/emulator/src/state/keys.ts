import { createPrivateKey, createPublicKey, generateKeyPair } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { SignJWT } from "jose";
import type { Random } from "./random.ts";

/** A member of `GET /auth/v1/certs`. */
export interface PublishedKey {
  readonly kid: string;
  readonly kty: "RSA";
  readonly alg: "RS256";
  readonly use: "sig";
  readonly n: string;
  readonly e: string;
}

/** A key pair and how it is published. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly published: PublishedKey;
}

/** A key as it is written into a file. */
export interface StoredKey {
  readonly kid: string;
  /** The private key: PKCS #8 in PEM. */
  readonly pkcs8: string;
}

/**
 * Two published RSA keys: the current one signs, the next one waits. Rotation promotes the next one, publishes a new
 * next one and drops the one that signed until then. A verifier that read the key set before a rotation therefore
 * knows the new signer already; after a second rotation it has to read the set again.
 */
export interface SigningKeys {
  /** A compact JWS over the claims by the current key; the header is `{ alg, kid }` and nothing else. */
  sign(claims: Readonly<Record<string, unknown>>): Promise<string>;
  /** The public half of a published key. */
  find(kid: string): KeyObject | undefined;
  published(): readonly PublishedKey[];
  rotate(): Promise<void>;
  /** The key that signs now. */
  current(): SigningKey;
  /** Both keys with their private halves: the current one, then the next one. */
  export(): readonly [StoredKey, StoredKey];
  /** Puts two other keys in their place, the current one first. */
  restore(keys: readonly [SigningKey, SigningKey]): void;
}

const generate = promisify(generateKeyPair);

export async function createSigningKeys(random: Random): Promise<SigningKeys> {
  let [current, next] = await Promise.all([createKey(random.uuid()), createKey(random.uuid())]);
  let rotation = Promise.resolve();

  return {
    sign(claims) {
      const header = { alg: "RS256", kid: current.published.kid };
      return new SignJWT({ ...claims }).setProtectedHeader(header).sign(current.privateKey);
    },
    find: (kid) => [current, next].find((key) => key.published.kid === kid)?.publicKey,
    published: () => [current.published, next.published],
    rotate() {
      rotation = rotation.then(async () => {
        const fresh = await createKey(random.uuid());
        [current, next] = [next, fresh];
      });
      return rotation;
    },
    current: () => current,
    export: () => [storedKey(current), storedKey(next)],
    restore(keys) {
      [current, next] = keys;
    },
  };
}

/**
 * A key that `export()` gave.
 *
 * @throws TypeError when it is no RSA private key of 2048 bits or more (RFC 7518 §3.3)
 */
export function parseStoredKey({ kid, pkcs8 }: StoredKey): SigningKey {
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(pkcs8);
  } catch (cause) {
    throw new TypeError("must be a PKCS #8 private key in PEM", { cause });
  }
  const { asymmetricKeyType, asymmetricKeyDetails } = privateKey;
  if (asymmetricKeyType !== "rsa" || (asymmetricKeyDetails?.modulusLength ?? 0) < 2048) {
    throw new TypeError("must be an RSA key of 2048 bits or more");
  }
  return describeKey(kid, privateKey, createPublicKey(pkcs8));
}

function storedKey({ privateKey, published: { kid } }: SigningKey): StoredKey {
  return { kid, pkcs8: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
}

async function createKey(kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generate("rsa", { modulusLength: 2048 });
  return describeKey(kid, privateKey, publicKey);
}

function describeKey(kid: string, privateKey: KeyObject, publicKey: KeyObject): SigningKey {
  const { n, e } = publicKey.export({ format: "jwk" });
  if (n === undefined || e === undefined) throw new Error("The RSA key has no modulus or exponent.");
  return { privateKey, publicKey, published: { kid, kty: "RSA", alg: "RS256", use: "sig", n, e } };
}
