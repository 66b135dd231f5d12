export { cloudbaseAuth, optionalUser, requireGroups, requireScopes, requireUser } from "./middleware.ts";
export type { Middleware } from "./middleware.ts";
export { problemDetails } from "./problem-details.ts";
export { AuthError, all, any, isAuthError, not } from "@cloudbase-auth/core";
export type { Auth, AuthErrorCode, CloudbaseAuthOptions, CloudbaseUser, Requirement } from "@cloudbase-auth/core";
export type { AdapterInput, PropertyNames } from "@cloudbase-auth/core/adapter";
