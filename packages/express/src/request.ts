import type { Auth, CloudbaseUser } from "@cloudbase-auth/core";

declare global {
  namespace Express {
    // Word for word what passport's types declare, so that both can be installed.
    interface User extends CloudbaseUser {}
    interface Request {
      /** The user of a verified access token, set by `cloudbaseAuth()`; `undefined` when there is none. */
      user?: User | undefined;
      /** How we know who is calling, or why we do not; `undefined` where `cloudbaseAuth()` has not run. */
      auth?: Auth | undefined;
    }
  }
}
