import { assertDeclared, describeRoute, policyOf } from "@cloudbase-auth/core/adapter";
import type { DescribedRoute, RoutePolicy } from "@cloudbase-auth/core/adapter";
import type Koa from "koa";
import { findRoutes, routerOf } from "./router-stack.ts";
import type { KoaRouter } from "./router-stack.ts";

/**
 * The routes of an application's `@koa/router`s and who may call them: by the guards of the route, those that
 * `router.use()` mounted in front of it on a path that plainly covers the route's, and those of `app.use()` in front of
 * the router.
 *
 * What it does **not** see: middleware that answers by itself, and routers inside another middleware, such as those of
 * `koa-mount` or `koa-compose`; hand such a router over by itself.
 *
 * @throws Error if there is no `@koa/router`
 */
export function describeRoutes(app: Pick<Koa, "middleware"> | KoaRouter): DescribedRoute[] {
  if (!("middleware" in app) || typeof app.middleware === "function") {
    return findRoutes(app as KoaRouter, []).map((route) => describeRoute(route));
  }
  const inFront: RoutePolicy[] = [];
  const routers = app.middleware.flatMap((middleware) => {
    const policy = policyOf(middleware);
    // app.use(publicRoute()) would speak for the routes that somebody forgot.
    if (policy?.access === "user") inFront.push(policy);
    const router = routerOf(middleware);
    return router === undefined ? [] : [findRoutes(router, [...inFront])];
  });
  if (routers.length === 0) {
    throw new Error(
      "the application has no @koa/router yet; mount it by app.use(router.routes()) first, or hand it over",
    );
  }
  return routers.flat().map((route) => describeRoute(route));
}

/**
 * Makes sure that every route says who may call it: by `requireUser()`, `optionalUser()` or `publicRoute()`, its own or
 * its router's. Call it before listening, or in a test. An OPTIONS route needs no word.
 *
 * On the whole application only `requireUser()` counts: `app.use(publicRoute())` and `app.use(optionalUser())` would
 * speak for the routes that somebody forgot.
 *
 * @throws Error with method, path and fix of each route that says nothing; if there is no route or no `@koa/router`
 * @example
 * ```ts
 * app.use(router.routes());
 * assertRoutesDeclared(app);
 * app.listen(3000);
 * ```
 */
export function assertRoutesDeclared(app: Pick<Koa, "middleware"> | KoaRouter): void {
  assertDeclared(describeRoutes(app), ({ method, path }) => {
    const name = method === "*" ? "all" : method.toLowerCase();
    return `router.${name}(${JSON.stringify(path)}, requireUser(), …), or optionalUser() or publicRoute()`;
  });
}
