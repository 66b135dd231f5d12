import { coversPath, joinPaths, policiesInFront, policyOf } from "@cloudbase-auth/core/adapter";
import type { FoundRoute, RoutePolicy } from "@cloudbase-auth/core/adapter";

/** What is read of Express's router. */
export interface RouterStack {
  readonly stack: readonly Layer[];
  readonly caseSensitive?: boolean | undefined;
}

interface Layer {
  readonly handle: Handle;
  readonly method?: string | undefined;
  /** The path as it was declared; the package `router` keeps it from 2.3 on. */
  readonly rawPath?: unknown;
  readonly route?: RouteStack | undefined;
}

interface RouteStack {
  readonly methods?: Readonly<Record<string, boolean>>;
  readonly stack: readonly Layer[];
}

type Handle = ((...args: never[]) => unknown) & Partial<RouterStack>;

/** A guard that `use()` mounted, and the path in front of which it stands. */
interface MountedGuard {
  readonly path: string;
  readonly policy: RoutePolicy;
}

/** In the order in which requests meet them. `isWhole`: it is the application's own router. */
export function findRoutes(
  router: RouterStack,
  isWhole: boolean,
  mount = "/",
  inherited: readonly MountedGuard[] = [],
): FoundRoute[] {
  const own: MountedGuard[] = [];
  const places = router.stack.flatMap((layer) =>
    pathsOf(layer).map((path) => ({ layer, path: joinPaths(mount, path) })),
  );
  return places.flatMap(({ layer, path }): FoundRoute[] => {
    const { handle, route } = layer;
    const policy = policyOf(handle);
    if (policy !== undefined) {
      const speaksForAll = isWhole && path === "/" && policy.access !== "user";
      if (!speaksForAll) own.push({ path, policy });
      return [];
    }
    if (route !== undefined) return routesOf(route, path, policiesAt(path, [...inherited, ...own]));
    if (isRouter(handle)) {
      // A guard's path that minds capitals does not cover one that does not.
      const keepsCase = router.caseSensitive !== true || handle.caseSensitive === true;
      return findRoutes(handle, false, path, guardsBelow(path, inherited, own, keepsCase));
    }
    if (handle.name !== "mounted_app") return [];
    return [{ method: "*", path, opaque: true, policies: policiesAt(path, guardsBelow(path, inherited, own, false)) }];
  });
}

function pathsOf({ rawPath }: Layer): string[] {
  const paths: readonly unknown[] = Array.isArray(rawPath) ? rawPath : [rawPath];
  // In brackets, so that no guard's path covers a regular expression that looks like one.
  return paths.map((path) => (typeof path === "string" ? path : `(${String(path)})`));
}

function routesOf({ methods = {}, stack }: RouteStack, path: string, inFront: readonly RoutePolicy[]): FoundRoute[] {
  // Express tells error handlers by their four parameters; no request without an error comes to them.
  const layers = stack.filter(({ handle }) => handle.length !== 4);
  const lists = Object.keys(methods).map((name) => {
    const handles = layers.filter(({ method }) => method === undefined || method === name).map(({ handle }) => handle);
    return { method: name === "_all" ? "*" : name.toUpperCase(), handles };
  });
  const routes = isForAll(lists) ? [{ method: "*", handles: lists[0]?.handles ?? [] }] : lists;
  return routes.flatMap(({ method, handles }) => {
    // route.all(requireUser()).get(…) is a guard of the others, and no route for every method.
    if (method === "*" && routes.length > 1 && handles.every((handle) => policyOf(handle) !== undefined)) return [];
    return [{ method, path, policies: [...inFront, ...policiesInFront(handles)] }];
  });
}

/** Whether it is what app.all() makes: every method, one by one, with the same handlers. */
function isForAll(lists: readonly { readonly method: string; readonly handles: readonly Handle[] }[]): boolean {
  // Not imported: node:http takes longer to load than all of ours, and whoever comes here has it.
  const { METHODS } = process.getBuiltinModule("node:http");
  if (!METHODS.every((name) => lists.some(({ method }) => method === name))) return false;
  const [first] = lists;
  return lists.every(
    ({ handles }) =>
      handles.length === first?.handles.length && handles.every((handle, index) => handle === first.handles[index]),
  );
}

/** What is mounted at a path stands behind those guards that cover it, or that `use()` mounted with the same path. */
function guardsBelow(
  path: string,
  inherited: readonly MountedGuard[],
  own: readonly MountedGuard[],
  keepsCase: boolean,
): MountedGuard[] {
  return [...inherited, ...own].flatMap((guard) => {
    if (coversPath(guard.path, path) || (guard.path === path && own.includes(guard))) return [{ ...guard, path: "/" }];
    return keepsCase ? [guard] : [];
  });
}

function policiesAt(path: string, guards: readonly MountedGuard[]): RoutePolicy[] {
  return guards.filter((guard) => coversPath(guard.path, path)).map(({ policy }) => policy);
}

function isRouter(handle: Handle): handle is Handle & RouterStack {
  return Array.isArray(handle.stack);
}
