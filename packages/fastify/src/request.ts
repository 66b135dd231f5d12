import type { Auth, CloudbaseUser } from "@cloudbase-auth/core";

declare module "fastify" {
  interface FastifyRequest {
    /** The user of a verified access token, set by `cloudbaseAuth()`; `undefined` when there is none. */
    user: CloudbaseUser | undefined;
    /** How we know who is calling, or why we do not; `undefined` where `cloudbaseAuth()` has not run yet. */
    auth: Auth | undefined;
  }
}
