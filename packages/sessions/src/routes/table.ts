import { accountRoutes } from "./account-routes.ts";
import { codeRoutes } from "./code-routes.ts";
import { providerRoutes } from "./provider-routes.ts";
import { PlainProblem } from "./refusal.ts";
import type { Mode, Route } from "./route.ts";
import { sessionRoutes } from "./session-routes.ts";
import { signInRoutes } from "./sign-in-routes.ts";

/** All routes; `ROUTES.md` says the same. */
export const routeTable: readonly Route[] = [
  ...signInRoutes,
  ...codeRoutes,
  ...sessionRoutes,
  ...accountRoutes,
  ...providerRoutes,
];

interface FoundRoute {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/**
 * The route of a request. HEAD is answered as GET is (RFC 9110 §9.3.2).
 *
 * @throws PlainProblem 404, and 405 with `Allow` (RFC 9110 §15.5.6)
 */
export function findRoute(mode: Mode, method: string, path: string): FoundRoute {
  const segments = path.split("/");
  const found = routeTable.flatMap((route) => {
    const params = route.answers[mode] === undefined ? undefined : match(route.path.split("/"), segments);
    return params === undefined ? [] : [{ route, params }];
  });
  if (found.length === 0) throw new PlainProblem(404, "There is no such route.");
  const asked = method === "HEAD" ? "GET" : method;
  const fitting = found.find(({ route }) => route.method === asked);
  if (fitting !== undefined) return fitting;
  const allowed = found.flatMap(({ route }) => (route.method === "GET" ? ["GET", "HEAD"] : [route.method]));
  throw new PlainProblem(405, "This route does not know the method; Allow names those that it knows.", {
    Allow: allowed.join(", "),
  });
}

function match(pattern: readonly string[], segments: readonly string[]): Readonly<Record<string, string>> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? "";
    if (!part.startsWith(":")) {
      if (part !== segment) return undefined;
      continue;
    }
    const value = decode(segment);
    if (value === undefined || value === "") return undefined;
    params[part.slice(1)] = value;
  }
  return params;
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
