/** The session does not fit into cookies: thrown before anything of it was sent. */
export class SessionTooLargeError extends Error {
  override readonly name = "SessionTooLargeError";
  /** What the browser would have to send with every request. */
  readonly bytes: number;

  constructor(bytes: number, most: number) {
    super(
      `the session takes ${String(bytes)} bytes of cookies, and ${String(most)} are as many as servers take; ` +
        "give createSessions() a store, then the cookie holds no more than an id",
    );
    this.bytes = bytes;
  }
}
