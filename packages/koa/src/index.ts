export { cloudbaseAuth } from "./middleware.ts";
export type { CloudbaseState } from "./middleware.ts";
export { optionalUser, publicRoute, requireGroups, requireScopes, requireUser } from "./guards.ts";
export type { UserGuard } from "./guards.ts";
export { getUser } from "./signed-in.ts";
export type { MakeHandler, SignedInState } from "./signed-in.ts";
export { assertRoutesDeclared, describeRoutes } from "./routes.ts";
export type { KoaRouter } from "./router-stack.ts";
export { authRoutes } from "./auth-routes.ts";
export type { AuthRoutesOptions } from "./auth-routes.ts";
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
