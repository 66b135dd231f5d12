import { policyOf } from "@cloudbase-auth/core/adapter";
import type { FastifyInstance, FastifyRequest, RouteOptions } from "fastify";
import { awaitPlugin, describeSeen, fix } from "./registry.ts";
import type { Registry, SeenRoute } from "./registry.ts";
import { guardFor } from "./route-auth.ts";
import type { RouteAuth } from "./route-auth.ts";
import { partsOf } from "./signed-in.ts";

type Config = { readonly auth?: RouteAuth; readonly [seenKey]?: true };

const seenKey = Symbol("seen by cloudbaseAuth");

/**
 * Looks at a route where it is declared: puts the guard of `config.auth`, or of a handler with a guard in it, among its
 * hooks, and takes down what its guards say.
 *
 * @throws TypeError for a malformed `config.auth`
 * @throws Error for a guard where nobody is known yet, and if every route has to be declared and this one is not
 */
export function takeDown(registry: Registry, scope: FastifyInstance, route: RouteOptions): void {
  const methods = [route.method].flat();
  const place = `${methods.join(", ")} ${route.url}`;
  const { auth } = (route.config ?? {}) as Config;
  const parts = partsOf(route.handler);
  if (parts !== undefined) route.handler = parts.handler;
  const added = [
    ...(auth === undefined ? [] : [guardFor(auth, `config.auth of ${place}`)]),
    ...(parts === undefined ? [] : [parts.guard]),
  ];
  if (registry.readsBody && [route.onRequest ?? []].flat().some((hook) => isAsking(hook))) {
    throw new Error(
      `${place} has a guard in onRequest, but with fromForm() it is known only behind the body parser who is calling; put it into preValidation or preHandler, or say config: { auth }`,
    );
  }
  if (added.length > 0) {
    const hook = registry.readsBody ? "preValidation" : "onRequest";
    route[hook] = [...[route[hook] ?? []].flat(), ...added];
  }
  route.config = { ...route.config, [seenKey]: true } as Config;
  const hooks = [route.onRequest, route.preValidation, route.preHandler].flatMap((hook) => [hook ?? []].flat());
  const policies = hooks.flatMap((hook) => policyOf(hook) ?? []);
  const isAny = methods.length === scope.supportedMethods.length;
  const seen: SeenRoute = { methods: isAny ? ["*"] : methods, path: route.url, policies, scope };
  if (registry.everyRoute && describeSeen(registry, seen).some(({ access }) => access === "undeclared")) {
    throw new Error(`${place} does not say who may call it: ${fix}, before the route`);
  }
  registry.routes.push(seen);
}

/**
 * What is wrong with a request to a route that was declared before the plugin was there, and whose `config.auth` nobody
 * has read. Only asked where there are such routes.
 */
export function complaintAbout(request: FastifyRequest, everyRoute: boolean): Error | undefined {
  const { config, method, url } = request.routeOptions;
  const { auth, [seenKey]: isSeen } = (config ?? {}) as Config;
  if (isSeen || request.is404 || (auth === undefined && !everyRoute)) return undefined;
  return new Error(`who may call ${String(method)} ${String(url)} is not in force; ${awaitPlugin}`);
}

function isAsking(hook: unknown): boolean {
  const access = policyOf(hook)?.access;
  return access === "user" || access === "optional";
}
