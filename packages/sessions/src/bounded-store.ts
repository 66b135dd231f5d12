import type { SessionStore } from "@cloudbase-auth/core";

/** A store was out of reach, or did not answer in time. */
export class StoreTroubleError extends Error {
  override readonly name = "StoreTroubleError";
}

/** Twice what a store promises. */
const patienceMs = 500;

/** A store whose every call ends: it rejects with a {@link StoreTroubleError} if the store does not keep its promise. */
export function boundStore(store: SessionStore): SessionStore {
  return {
    create: (session) => bound(() => store.create(session)),
    load: (id) => bound(() => store.load(id)),
    replace: (change) => bound(() => store.replace(change)),
    delete: (id) => bound(() => store.delete(id)),
    list: (owner) => bound(() => store.list(owner)),
    deleteAll: (owner, except) => bound(() => store.deleteAll(owner, except)),
  };
}

async function bound<Value>(call: () => Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer for ${String(patienceMs)} ms`)), patienceMs);
  });
  try {
    return await Promise.race([call(), late]);
  } catch (cause) {
    throw new StoreTroubleError("the session store is out of reach", { cause });
  } finally {
    clearTimeout(timer);
  }
}
