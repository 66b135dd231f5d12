/** Something that an operator should know; it holds no key and no value. */
export interface RedisWarning {
  /**
   * - `redis_evicts`: Redis may throw entries away before their time (`maxmemory-policy`)
   * - `redis_foreign_value`: a key held something that we did not write; it was deleted and counts as missing
   * - `redis_newer_format`: a newer version of this package wrote something; it was left alone and counts as missing
   * - `redis_emptied`: the list of revocations was gone; what this process knows was written again
   */
  readonly code: "redis_evicts" | "redis_foreign_value" | "redis_newer_format" | "redis_emptied";
  /** What happened and what to do. */
  readonly message: string;
}

/** Hands each warning on once a process. A listener that throws breaks nothing. */
export function createWarn(listener: ((warning: RedisWarning) => void) | undefined): (warning: RedisWarning) => void {
  const told = new Set<string>();
  return (warning) => {
    if (told.has(warning.message)) return;
    told.add(warning.message);
    const emit = (): void => process.emitWarning(warning.message, { type: "CloudbaseAuthWarning", code: warning.code });
    if (listener === undefined) return emit();
    try {
      listener(warning);
    } catch {
      emit();
    }
  };
}

/** What a key is for, without its digest. */
function purposeOf(key: string | undefined): string {
  return key?.replace(/:\{.*$/, "") ?? "";
}

/** What was found under a key was deleted. */
export function warnsOfForeign(key: string | undefined): RedisWarning {
  const message = `Redis held something under a key of "${purposeOf(key)}" that is not ours to read; it was deleted and counts as missing. Give each application that shares a Redis a prefix of its own.`;
  return { code: "redis_foreign_value", message };
}

/** What was found under a key was left alone. */
export function warnsOfNewer(key: string | undefined): RedisWarning {
  const message = `Redis holds something under a key of "${purposeOf(key)}" that a newer version of @cloudbase-auth/redis wrote; it was left alone and counts as missing. Upgrade this process.`;
  return { code: "redis_newer_format", message };
}
