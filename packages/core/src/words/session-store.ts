/** A session as a store has it: sealed, so that whoever reads the store learns neither tokens nor users. */
export interface StoredSession {
  readonly value: string;
  /** Another one with every change, so that two that change it at once do not undo each other's work. */
  readonly version: string;
}

/** A session of one owner. */
export interface OwnedSession extends StoredSession {
  readonly id: string;
}

/** What is kept of a new session. */
export interface NewSession {
  /** A digest of what the browser has; the browser's own value cannot be told from it. */
  readonly id: string;
  /** A digest that all sessions of one user share. */
  readonly owner: string;
  readonly value: string;
  /** After so long without a change it is gone. */
  readonly ttlMs: number;
}

/**
 * Keeps browser sessions for any number of processes. It knows digests and sealed values only. Every call rejects when
 * the store cannot be reached, within 250 ms; it never says of a session that it cannot read that there is none.
 */
export interface SessionStore {
  create(session: NewSession): Promise<void>;
  /** `undefined` if there is none: it ended, or it never was. */
  load(id: string): Promise<StoredSession | undefined>;
  /**
   * Puts another value in the place of the one that was read. `changed`: somebody else was faster, and nothing was done;
   * `gone`: it ended meanwhile, and stays so.
   */
  replace(change: {
    readonly id: string;
    readonly version: string;
    readonly value: string;
    readonly ttlMs: number;
  }): Promise<"replaced" | "changed" | "gone">;
  /** Ends a session. */
  delete(id: string): Promise<void>;
  /** All sessions of an owner that have not ended. */
  list(owner: string): Promise<readonly OwnedSession[]>;
  /** Ends all sessions of an owner, except perhaps one. */
  deleteAll(owner: string, except?: string): Promise<void>;
}
