import type { Auth, CloudbaseUser } from "@cloudbase-auth/core";
import type { RouteAuth } from "./route-auth.ts";

/** What `cloudbaseAuth()` sets on every request. */
export interface CloudbaseProperties {
  /** The user of a verified access token, set by `cloudbaseAuth()`; `undefined` when there is none. */
  user: CloudbaseUser | undefined;
  /** How we know who is calling, or why we do not; `undefined` where `cloudbaseAuth()` has not run. */
  auth: Auth | undefined;
}

declare module "fastify" {
  // Inherited and not declared here: where another plugin's types declare `user` themselves, theirs count.
  interface FastifyRequest extends CloudbaseProperties {}
  interface FastifyContextConfig {
    /** Who may call the route; checked where the route is declared, and in force like `requireUser()` in `onRequest`. */
    auth?: RouteAuth;
  }
}
