import type { Duplex } from "node:stream";
import type { Authenticated, AuthRequest } from "./auth.ts";
import type { AuthError } from "./errors.ts";
import type { Requirement } from "./requirement.ts";
import type { CloudbaseUser } from "./user.ts";
import type { Watch } from "./watch.ts";

/** A request to become a WebSocket; Node's own fits as it is. */
export interface UpgradeRequest extends AuthRequest {
  readonly socket?: Pick<Duplex, "on" | "off"> | undefined;
}

/** Who may open a WebSocket. */
export interface UpgradeOptions {
  /**
   * The pages that may, written as browsers write origins, such as `https://app.example`; compared exactly. It is asked
   * for where the token came in a cookie, which browsers send along for the pages of any site. `[]` takes no cookie.
   */
  readonly origins: readonly string[];
  /** What is asked of the user, now and of every new token. @default any signed-in user who is not anonymous */
  readonly requirement?: Requirement | undefined;
}

/** What is used of a WebSocket; those of `ws` fit as they are, and so of everything that is built on it. */
export interface ClosableSocket {
  close(code: number, reason: string): void;
  addEventListener(type: "close", listener: () => void): void;
  /** Ends it without waiting for the other side. */
  terminate?(): void;
}

/** The answer to a request to become a WebSocket. */
export type Upgrade = GrantedUpgrade | RefusedUpgrade;

export interface RefusedUpgrade {
  /** Its `status` and `headers` are the answer; `refuseUpgrade(socket, error)` writes it. */
  readonly error: AuthError;
}

export interface GrantedUpgrade {
  readonly error: undefined;
  readonly auth: Authenticated;
  readonly user: CloudbaseUser;
  /**
   * The subprotocol that the answer must name, if any; `ws` answers it by itself. Another of those that were offered will
   * do as well, except the token.
   */
  readonly protocol: string | undefined;
  /**
   * Watches the token for as long as the socket is open, and closes the socket when it is good no more: with code 4401
   * and the reason `expired` or `revoked`, and without the other side's consent after two seconds. Until then messages
   * may still come in; `signal.aborted` says that they count no more.
   */
  readonly hold: (socket: ClosableSocket) => Watch;
}
