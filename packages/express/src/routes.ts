import { assertDeclared, describeRoute } from "@cloudbase-auth/core/adapter";
import type { DescribedRoute } from "@cloudbase-auth/core/adapter";
import type { Application, Router } from "express";
import { findRoutes } from "./router-stack.ts";
import type { RouterStack } from "./router-stack.ts";

/**
 * The routes of an application and who may call them, as the routers have them: by the guards of the route, and those
 * that `use()` mounted in front of it on a path that plainly covers the route's.
 *
 * What it does **not** see: handlers that answer although `use()` mounted them, such as `express.static`; and what is
 * inside a mounted application, which is one row with `opaque`. Express 5 only.
 *
 * @throws Error on Express 4, whose router forgets the paths that it mounts
 */
export function describeRoutes(app: Application | Router): DescribedRoute[] {
  return findRoutes(stackOf(app), !("stack" in app)).map((route) => describeRoute(route));
}

/**
 * Makes sure that every route says who may call it: by `requireUser()`, `optionalUser()` or `publicRoute()`, its own or
 * its router's. Call it before listening, or in a test. An OPTIONS route needs no word.
 *
 * On the whole application only `requireUser()` counts: `app.use(publicRoute())` and `app.use(optionalUser())` would
 * speak for the routes that somebody forgot.
 *
 * @throws Error with method, path and fix of each route that says nothing; if there is no route; on Express 4
 * @example
 * ```ts
 * assertRoutesDeclared(app);
 * app.listen(3000);
 * ```
 */
export function assertRoutesDeclared(app: Application | Router): void {
  assertDeclared(describeRoutes(app), ({ method, path, opaque }) => {
    const place = JSON.stringify(path);
    if (opaque) {
      return `an application is mounted here; mount an express.Router(), which can be looked into, or guard it whole: use(${place}, requireUser(), …)`;
    }
    const name = method === "*" ? "all" : method.toLowerCase();
    return `${name}(${place}, requireUser(), …), or optionalUser() or publicRoute()`;
  });
}

function stackOf(app: Application | Router): RouterStack {
  if ("lazyrouter" in app) {
    throw new Error("routes can be looked through on Express 5 only: Express 4 forgets the paths that it mounts");
  }
  const either: Partial<RouterStack> & { readonly router?: unknown } = app;
  const router = (either.stack === undefined ? either.router : either) as RouterStack;
  if (router.stack.some(({ rawPath }) => rawPath === undefined)) {
    throw new Error("routes can be looked through from version 2.3 of the package router on; update it");
  }
  return router;
}
