import type { SessionStore } from "@cloudbase-auth/core";

type Change = Parameters<SessionStore["replace"]>[0];

/** A store that can be told to fail, and that counts. */
export interface FaultyStore extends SessionStore {
  /** What comes in the place of an answer. */
  mode: "well" | "rejects" | "hangs" | "throws" | "cannot be written";
  readonly calls: (keyof SessionStore)[];
  /** Runs once, right before a replacement is done. */
  beforeReplace: ((change: Change) => Promise<unknown>) | undefined;
}

export function createFaultyStore(store: SessionStore): FaultyStore {
  const writes: readonly (keyof SessionStore)[] = ["create", "replace", "delete", "deleteAll"];

  async function pass<Value>(name: keyof SessionStore, call: () => Promise<Value>): Promise<Value> {
    faulty.calls.push(name);
    switch (faulty.mode) {
      case "well":
        return call();
      case "cannot be written":
        if (!writes.includes(name)) return call();
        throw new Error("READONLY");
      case "hangs":
        return new Promise<never>(() => {});
      case "rejects":
      case "throws":
        throw new Error("ECONNREFUSED");
    }
  }

  function done<Value>(name: keyof SessionStore, call: () => Promise<Value>): Promise<Value> {
    if (faulty.mode === "throws") throw new TypeError("the client is closed");
    return pass(name, call);
  }

  const faulty: FaultyStore = {
    mode: "well",
    calls: [],
    beforeReplace: undefined,
    create: (session) => done("create", () => store.create(session)),
    load: (id) => done("load", () => store.load(id)),
    async replace(change) {
      const { beforeReplace } = faulty;
      faulty.beforeReplace = undefined;
      await beforeReplace?.(change);
      return done("replace", () => store.replace(change));
    },
    delete: (id) => done("delete", () => store.delete(id)),
    list: (owner) => done("list", () => store.list(owner)),
    deleteAll: (owner, except) => done("deleteAll", () => store.deleteAll(owner, except)),
  };
  return faulty;
}
