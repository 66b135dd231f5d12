import { coversPath, policiesInFront, policyOf } from "@cloudbase-auth/core/adapter";
import type { FoundRoute, RoutePolicy } from "@cloudbase-auth/core/adapter";

/** What is read of a router of `@koa/router`; nested routers are copied into its stack, with their prefixes. */
export interface KoaRouter {
  readonly stack: readonly Layer[];
  /** Whether only one of the layers that match a request runs. */
  readonly exclusive?: boolean;
}

interface Layer {
  readonly path: string | RegExp;
  /** Empty for what `router.use()` mounted. */
  readonly methods: readonly string[];
  readonly stack: readonly unknown[];
  readonly regexp: RegExp;
  readonly opts?: { readonly end?: boolean | undefined };
}

/** The router behind a middleware that `router.routes()` made. */
export function routerOf(middleware: unknown): KoaRouter | undefined {
  if (typeof middleware !== "function" || !("router" in middleware)) return undefined;
  const { router } = middleware;
  return typeof router === "object" && router !== null && "stack" in router ? (router as KoaRouter) : undefined;
}

/** In the order in which requests meet them. */
export function findRoutes({ stack, exclusive = false }: KoaRouter, inFront: readonly RoutePolicy[]): FoundRoute[] {
  const guards: { readonly layer: Layer; readonly policies: readonly RoutePolicy[] }[] = [];
  return stack.flatMap((layer): FoundRoute[] => {
    if (layer.methods.length === 0) {
      const policies = layer.stack.flatMap((middleware) => policyOf(middleware) ?? []);
      if (policies.length > 0 && !exclusive) guards.push({ layer, policies });
      return [];
    }
    const before = guards.filter((guard) => standsBefore(guard.layer, layer));
    const mounted = before.filter((guard) => ignoresCaseToo(guard.layer, layer));
    const policies = [...inFront, ...mounted.flatMap((guard) => guard.policies), ...policiesInFront(layer.stack)];
    const note = mounted.length === before.length ? undefined : capitals;
    return methodsOf(layer).map((method) => ({ method, path: String(layer.path), policies, note }));
  });
}

const capitals =
  "its router's guard misses the path in other capitals, as @koa/router compares a prefix exactly and a route not: new Router({ prefix, sensitive: true })";

function methodsOf({ methods }: Layer): readonly string[] {
  // Not imported: node:http takes longer to load than all of ours, and whoever comes here has it.
  const { METHODS } = process.getBuiltinModule("node:http");
  if (METHODS.every((method) => methods.includes(method))) return ["*"];
  // The router adds HEAD to every GET.
  return methods.filter((method) => method !== "HEAD" || !methods.includes("GET"));
}

// How the router writes "everything below", by itself and behind a prefix with parameters.
const everythingBelow = /(?:\(\?:\\\/\|\$\)|\{\/\*rest\})$/;

function standsBefore(guard: Layer, route: Layer): boolean {
  if (typeof guard.path !== "string") return false;
  const isBroad = everythingBelow.test(guard.path);
  const prefix = guard.path.replace(everythingBelow, "");
  if (isBroad && prefix === "") return true;
  if (typeof route.path !== "string") return false;
  // use("/") is meant for that path alone.
  return !isBroad && guard.opts?.end === true ? guard.path === route.path : coversPath(prefix, route.path);
}

/** Whether the guard is asked too when a path comes in other capitals than it was declared in. */
function ignoresCaseToo(guard: Layer, route: Layer): boolean {
  return (
    guard.regexp.ignoreCase ||
    !route.regexp.ignoreCase ||
    !/[a-z]/i.test(String(guard.path).replace(everythingBelow, ""))
  );
}
