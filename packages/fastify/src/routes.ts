import { assertDeclared, describeRoute } from "@cloudbase-auth/core/adapter";
import type { DescribedRoute } from "@cloudbase-auth/core/adapter";
import type { FastifyInstance } from "fastify";
import { awaitPlugin, describeSeen, fix, registryOf } from "./registry.ts";

/**
 * The routes that `cloudbaseAuth` covers and who may call them: by `config.auth`, the guards among the route's own
 * hooks, and {@link guardScope}. HEAD routes that Fastify adds to GET are left out.
 *
 * What it does **not** see: guards that `addHook()` mounted, and those inside a function of `@fastify/auth`.
 *
 * @throws Error before `app.ready()`, or on an instance that the plugin does not cover
 */
export function describeRoutes(app: FastifyInstance): DescribedRoute[] {
  const registry = registryOf(app, "describeRoutes()");
  if (!registry.isReady) throw new Error("the routes are known once the application is ready; await app.ready() first");
  const routes = registry.routes.flatMap((route) => describeSeen(registry, route));
  if (registry.hasEarlyRoutes && registry.isRoot) {
    routes.push(describeRoute({ method: "*", path: "(declared before the plugin)", opaque: true, policies: [] }));
  }
  const gets = new Set(routes.filter(({ method }) => method === "GET").map(keyOf));
  return routes.filter((route) => route.method !== "HEAD" || !gets.has(keyOf(route)));
}

/**
 * Makes sure that every route says who may call it: by `config.auth`, `requireUser()`, `optionalUser()` or
 * `publicRoute()`, or by the `guardScope()` around it. Call it after `app.ready()`, or in a test. An OPTIONS route needs
 * no word. `everyRoute: "declared"` says the same of each route at once.
 *
 * @throws Error with method, path and fix of each route that says nothing; before `app.ready()`; if there is no route
 * @example
 * ```ts
 * await app.ready();
 * assertRoutesDeclared(app);
 * await app.listen({ port: 3000 });
 * ```
 */
export function assertRoutesDeclared(app: FastifyInstance): void {
  assertDeclared(describeRoutes(app), ({ opaque }) => (opaque ? awaitPlugin : fix));
}

// Fastify adds its HEAD routes with the slash at the end of a prefix, too.
function keyOf({ path, access }: DescribedRoute): string {
  return `${access} ${path.replace(/(?<=.)\/$/, "")}`;
}
