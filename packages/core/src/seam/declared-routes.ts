import { describeRequirement } from "../words/described-requirement.ts";
import type { DescribedRequirement } from "../words/described-requirement.ts";
import type { RoutePolicy } from "../words/route-policy.ts";

/** A route and who may call it. */
export interface DescribedRoute {
  /** In capitals; `*` for every method. */
  readonly method: string;
  /** As it was declared, below the paths that it is mounted under. */
  readonly path: string;
  /**
   * `user`: `requireUser()` stands in front. `preflight`: an OPTIONS route without a guard; a preflight cannot carry a
   * token.
   */
  readonly access: "user" | "optional" | "public" | "preflight" | "undeclared";
  /** Of a route with `user`, what its guards ask for; all of it must hold. */
  readonly requirements: readonly DescribedRequirement[];
  /** Whether something is mounted here that cannot be looked into. */
  readonly opaque: boolean;
  /** Why a guard that seems to stand in front does not count. */
  readonly note?: string;
}

/** Where a route is, as an adapter finds it. */
export interface FoundRoute {
  readonly method: string;
  readonly path: string;
  readonly opaque?: boolean;
  readonly note?: string | undefined;
  /** Of every guard that a request passes on its way to the handler. */
  readonly policies: readonly RoutePolicy[];
}

/** The strictest of the guards in front of a route decides. */
export function describeRoute({ method, path, opaque = false, note, policies }: FoundRoute): DescribedRoute {
  const requirements = policies.flatMap((policy) =>
    policy.access === "user" ? [describeRequirement(policy.requirement)] : [],
  );
  const access = accessOf(method, policies);
  return { method, path, access, requirements, opaque, ...(access === "undeclared" && note !== undefined && { note }) };
}

function accessOf(method: string, policies: readonly RoutePolicy[]): DescribedRoute["access"] {
  const strictest = (["user", "optional", "public"] as const).find((access) =>
    policies.some((policy) => policy.access === access),
  );
  return strictest ?? (method === "OPTIONS" ? "preflight" : "undeclared");
}

/**
 * Refuses an application in which a route does not say who may call it.
 *
 * @param fixOf what to write for a route, as code
 * @throws Error with method, path and fix of each such route, or if there is no route at all
 */
export function assertDeclared(routes: readonly DescribedRoute[], fixOf: (route: DescribedRoute) => string): void {
  if (routes.length === 0) throw new Error("there is no route yet; call assertRoutesDeclared() after the last one");
  const undeclared = routes.filter(({ access }) => access === "undeclared");
  if (undeclared.length === 0) return;
  const lines = undeclared.map((route) => `  ${route.method} ${route.path}: ${fixOf(route)}${noteOf(route)}`);
  const [count, verb] = undeclared.length === 1 ? ["1 route", "does"] : [`${undeclared.length} routes`, "do"];
  throw new Error(`${count} ${verb} not say who may call it:\n${lines.join("\n")}`);
}

function noteOf({ note }: DescribedRoute): string {
  return note === undefined ? "" : `; ${note}`;
}

/** The routes as a table for people: method, path, who may call it. */
export function formatRoutes(routes: readonly DescribedRoute[]): string {
  const rows = routes.map(({ method, path, access, requirements, opaque }) => {
    const asked = requirements.map((requirement) => JSON.stringify(requirement)).filter((text) => text !== "{}");
    return [method, opaque ? `${path} (cannot be looked into)` : path, [access, ...asked].join(" ")] as const;
  });
  const [methods, paths] = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(([method, path, access]) => `${method.padEnd(methods ?? 0)}  ${path.padEnd(paths ?? 0)}  ${access}\n`)
    .join("");
}
