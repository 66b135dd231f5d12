export { cloudbaseAuth, cloudbaseAuth as default } from "./plugin.ts";
export type { PluginInput } from "./plugin.ts";
export { optionalUser, publicRoute, requireGroups, requireScopes, requireUser } from "./guards.ts";
export type { Guard, UserGuard } from "./guards.ts";
export { guardScope } from "./scope.ts";
export type { RouteAuth } from "./route-auth.ts";
export { getUser } from "./signed-in.ts";
export type { MakeHandler, SignedIn } from "./signed-in.ts";
export { assertRoutesDeclared, describeRoutes } from "./routes.ts";
export { authRoutes } from "./auth-routes.ts";
export { authContext } from "./auth-context.ts";
export { problemDetails } from "./problem-details.ts";
export { AuthError, all, any, currentAuth, currentUser, explain, isAuthError, not } from "@cloudbase-auth/core";
export { createCloudbaseAuth } from "@cloudbase-auth/core";
export { fromCloudbaseContext, fromCookie, fromForm, fromHeader, fromQuery } from "@cloudbase-auth/core";
export type {
  Auth,
  Authenticated,
  AuthErrorCode,
  Check,
  Claims,
  CloudbaseAuth,
  CloudbaseAuthOptions,
  CloudbaseClaims,
  CloudbaseUser,
  Explanation,
  Requirement,
} from "@cloudbase-auth/core";
export type { AdapterInput, PropertyNames } from "@cloudbase-auth/core/adapter";
export { formatRoutes } from "@cloudbase-auth/core/adapter";
export type { DescribedRequirement, DescribedRoute } from "@cloudbase-auth/core/adapter";
