import type { RedisWarning } from "./warning.ts";

/** What all the stores have in common. */
export interface RedisStoreOptions {
  /**
   * What all keys and the channel begin with: 1 to 64 letters, digits and `_ . : -`. Applications that share a Redis and
   * should not share sessions need one each.
   * @default "cbauth"
   */
  readonly prefix?: string | undefined;
  /**
   * Told once of each thing that an operator should know.
   * @default process.emitWarning
   */
  readonly onWarning?: ((warning: RedisWarning) => void) | undefined;
}

/** @throws TypeError naming what is wrong and the fix */
export function parseStoreOptions(options: RedisStoreOptions = {}): RedisStoreOptions & { readonly prefix: string } {
  if (typeof options !== "object" || options === null)
    throw new TypeError('options must be an object such as { prefix: "app" }');
  const unknown = Object.keys(options).find((name) => name !== "prefix" && name !== "onWarning");
  if (unknown !== undefined) throw new TypeError(`option ${unknown} is not known; known are prefix, onWarning`);
  const { prefix = "cbauth", onWarning } = options;
  if (typeof prefix !== "string" || !/^[\w.:-]{1,64}$/.test(prefix)) {
    throw new TypeError("option prefix must be 1 to 64 letters, digits or any of _ . : -");
  }
  if (onWarning !== undefined && typeof onWarning !== "function") {
    throw new TypeError("option onWarning must be a function");
  }
  return { prefix, onWarning };
}
