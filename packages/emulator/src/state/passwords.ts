import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

// A sixteenth of the usual: nobody's real password is here, and tests sign in by the hundred.
const cost = 1_024;

/** A salted scrypt hash (RFC 7914); the password itself is kept nowhere. */
export interface PasswordHash {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(16);
  return { salt, hash: await derive(password, salt) };
}

/** Compares in constant time. */
export async function matchesPassword(password: string, stored: PasswordHash): Promise<boolean> {
  return timingSafeEqual(await derive(password, stored.salt), stored.hash);
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, 32, { cost }, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
