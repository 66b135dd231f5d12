/** What became of the rotation of a refresh token, for the one who asks. */
export type RefreshTurn =
  /** It is the asker's to do, within the lease; `fence` proves later that it still is. */
  | { readonly state: "yours"; readonly fence: string }
  /** Somebody is at it. */
  | { readonly state: "taken" }
  /** It was done a moment ago; this is the sealed outcome. */
  | { readonly state: "done"; readonly outcome: string }
  /** It was done longer ago, or the session is over: whoever still has this token must sign in again. */
  | { readonly state: "spent" };

/** One rotation: the digest of the token that is spent, and of the one that takes its place. */
export interface Rotation {
  readonly key: string;
  readonly fence: string;
  /** Sealed: nobody but a holder of the old token can read it. */
  readonly outcome: string;
  readonly successorKey: string | undefined;
  /** For how long the outcome is given to whoever comes late with the old token. */
  readonly graceMs: number;
}

/**
 * Sees to it that a refresh token is exchanged once, however many processes want to. It knows digests and sealed
 * outcomes only.
 *
 * What is begun is written down before it is done, and its doer renews the lease for as long as it is at it. If the doer is
 * gone when the lease ends, the turn is the next one's: it asks the server with the same token, which either works or ends
 * in one sign-in, and never goes round in a circle.
 */
export interface RefreshCoordinator {
  begin(turn: { readonly key: string; readonly leaseMs: number }): Promise<RefreshTurn>;
  /** Lets the lease end so much later from now; `false` if the turn is somebody else's by then, or the session is over. */
  renew(turn: { readonly key: string; readonly fence: string; readonly leaseMs: number }): Promise<boolean>;
  /** Writes an outcome down; `false` if the turn was somebody else's by then, whose outcome stands. */
  succeed(rotation: Rotation): Promise<boolean>;
  /** Gives the turn back: nothing is known to have changed. */
  release(turn: { readonly key: string; readonly fence: string }): Promise<void>;
  /** Ends the session that the token belongs to: all its tokens are spent from now on. */
  end(turn: { readonly key: string }): Promise<void>;
  /** Resolves when there may be news of a turn that is taken, or after so long. */
  wait(turn: { readonly key: string; readonly atMostMs: number }): Promise<void>;
}

/**
 * How refresh tokens are exchanged. An exchange is given twice the `timeoutMs` of a call (10 seconds): one that is given up
 * may have spent the token all the same.
 */
export interface RefreshSettings {
  /**
   * Who sees to it that each is exchanged once.
   * @default one of the instance's own: then it holds within this instance alone
   */
  readonly coordinator?: RefreshCoordinator | undefined;
  /**
   * For how long a late caller with the old token gets the same successor; 0 to 60, 0 for never.
   * @default 10
   */
  readonly graceSeconds?: number | undefined;
}

/** What `auth.refresh` is told of a token. */
export interface RefreshOptions {
  /** The application's own session that the token belongs to. */
  readonly session?: string | undefined;
  /** @default the only one; with several it must be named */
  readonly environment?: string | undefined;
}
