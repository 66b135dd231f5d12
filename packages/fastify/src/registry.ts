import { describeRoute } from "@cloudbase-auth/core/adapter";
import type { DescribedRoute, RoutePolicy } from "@cloudbase-auth/core/adapter";
import type { FastifyInstance } from "fastify";

/** A route as the plugin saw it declared. */
export interface SeenRoute {
  readonly methods: readonly string[];
  readonly path: string;
  /** Of the route's own guards. */
  readonly policies: readonly RoutePolicy[];
  readonly scope: FastifyInstance;
}

/** What the plugin knows of the routes that it covers. */
export interface Registry {
  /** The instance that the plugin was registered on. */
  readonly home: FastifyInstance;
  readonly isRoot: boolean;
  /** Whether there were routes before the plugin was there, which it cannot see. */
  readonly hasEarlyRoutes: boolean;
  /** Whether it is known only behind the body parser who is calling. */
  readsBody: boolean;
  /** Whether a route that says nothing must not be declared at all. */
  everyRoute: boolean;
  isReady: boolean;
  readonly routes: SeenRoute[];
  /** What holds for all routes of a scope and of those inside it. */
  readonly scopes: WeakMap<object, readonly RoutePolicy[]>;
}

const registryKey = Symbol.for("@cloudbase-auth/fastify/registry");

export function openRegistry(home: FastifyInstance): Registry {
  const registry: Registry = {
    home,
    // An instance inherits from the one around it.
    isRoot: Object.getPrototypeOf(home) === Object.prototype,
    hasEarlyRoutes: home.printRoutes() !== "(empty tree)",
    readsBody: false,
    everyRoute: false,
    isReady: false,
    routes: [],
    scopes: new WeakMap(),
  };
  home.decorate(registryKey, registry);
  home.addHook("onReady", (done) => {
    registry.isReady = true;
    done();
  });
  return registry;
}

/** The registry of the plugin that covers this instance; `undefined` if none does. */
export function findRegistry(app: FastifyInstance): Registry | undefined {
  return (app as { readonly [registryKey]?: Registry })[registryKey];
}

/** The same. @throws Error if none does; `caller` is who asks */
export function registryOf(app: FastifyInstance, caller: string): Registry {
  const registry = findRegistry(app);
  if (registry !== undefined) return registry;
  throw new Error(
    `${caller} needs an instance that cloudbaseAuth covers; await app.register(cloudbaseAuth, …) on it first`,
  );
}

/** One row for each method. */
export function describeSeen({ scopes }: Registry, { methods, path, policies, scope }: SeenRoute): DescribedRoute[] {
  const inFront: RoutePolicy[] = [];
  for (let at: object | null = scope; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    inFront.push(...(scopes.get(at) ?? []));
  }
  return methods.map((method) => describeRoute({ method, path, policies: [...inFront, ...policies] }));
}

/** What to write where a route says nothing. */
export const fix =
  'config: { auth: … } ("public", "optional" or a requirement such as { groups: ["admin"] }), or guardScope() around it';
export const awaitPlugin = "await app.register(cloudbaseAuth, …) before the first route";
