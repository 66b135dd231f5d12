import type { CheckedRequirement } from "./checked-requirement.ts";

/** What a guard says of the routes behind it. */
export type RoutePolicy =
  | { readonly access: "public" }
  | { readonly access: "optional" }
  | { readonly access: "user"; readonly requirement: CheckedRequirement<never> };

interface Declaration {
  readonly policy: RoutePolicy;
  readonly isHandler: boolean;
}

// Registered for the whole process: two copies of this module in one application still see each other's guards.
const declarationKey = Symbol.for("@cloudbase-auth/route-policy");

/** Writes on a guard what it lets pass, so that it is recognised in a router's stack. */
export function declareGuard<Guard extends object>(guard: Guard, policy: RoutePolicy): Guard {
  return declare(guard, { policy, isHandler: false });
}

/** {@link declareGuard} for a route's handler that guards itself. */
export function declareHandler<Handler extends object>(handler: Handler, policy: RoutePolicy): Handler {
  return declare(handler, { policy, isHandler: true });
}

function declare<T extends object>(target: T, declaration: Declaration): T {
  return Object.defineProperty(target, declarationKey, { value: Object.freeze(declaration) });
}

/** What a guard says, or a handler that guards itself; `undefined` for everything that is not ours. */
export function policyOf(handler: unknown): RoutePolicy | undefined {
  return declarationOf(handler)?.policy;
}

/** What the guards say that stand in front of the last of a route's handlers; one behind it guards nothing. */
export function policiesInFront(handlers: readonly unknown[]): RoutePolicy[] {
  const last = handlers.findLastIndex((handler) => declarationOf(handler)?.isHandler !== false);
  const inFront = last === -1 ? handlers : handlers.slice(0, last + 1);
  return inFront.flatMap((handler) => policyOf(handler) ?? []);
}

function declarationOf(handler: unknown): Declaration | undefined {
  if (typeof handler !== "function") return undefined;
  return (handler as { readonly [declarationKey]?: Declaration })[declarationKey];
}
