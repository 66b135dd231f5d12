import { generateKeyPair } from "node:crypto";
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

interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly published: PublishedKey;
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
  };
}

async function createKey(kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generate("rsa", { modulusLength: 2048 });
  const { n, e } = publicKey.export({ format: "jwk" });
  if (n === undefined || e === undefined) throw new Error("The RSA key has no modulus or exponent.");
  return { privateKey, publicKey, published: { kid, kty: "RSA", alg: "RS256", use: "sig", n, e } };
}
