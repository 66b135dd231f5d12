import { policyOf } from "@cloudbase-auth/core/adapter";
import type { FastifyInstance } from "fastify";
import { registryOf } from "./registry.ts";
import { guardFor } from "./route-auth.ts";
import type { RouteAuth } from "./route-auth.ts";

/**
 * Guards all routes of a scope and of the scopes inside it, in addition to what they say themselves; they count as
 * declared. Call it before the routes. `"public"` is for scopes of plugins whose routes cannot say it themselves.
 *
 * @throws TypeError for a malformed requirement
 * @throws Error where `cloudbaseAuth` is not registered, and for `"public"` or `"optional"` on the very instance that it
 *   is registered on: that would speak for the routes that somebody forgot
 * @example
 * ```ts
 * await app.register(async (admin) => {
 *   guardScope(admin, { groups: ["admin"] });
 *   admin.get("/reports", listReports);
 * });
 * ```
 */
export function guardScope(app: FastifyInstance, auth: RouteAuth): void {
  const registry = registryOf(app, "guardScope()");
  const guard = guardFor(auth, "the requirement of guardScope()");
  const policy = policyOf(guard);
  if (policy === undefined) return;
  if (app === registry.home && policy.access !== "user") {
    throw new Error(
      `guardScope(app, "${policy.access}") on the whole application would speak for the routes that somebody forgot; call it in app.register(async (scope) => { … })`,
    );
  }
  registry.scopes.set(app, [...(registry.scopes.get(app) ?? []), policy]);
  if (registry.readsBody) app.addHook("preValidation", guard);
  else app.addHook("onRequest", guard);
}
