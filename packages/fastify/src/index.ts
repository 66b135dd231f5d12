export { cloudbaseAuth, cloudbaseAuth as default } from "./plugin.ts";
export { optionalUser, requireGroups, requireScopes, requireUser } from "./guards.ts";
export type { Guard } from "./guards.ts";
export { authContext } from "./auth-context.ts";
export { problemDetails } from "./problem-details.ts";
export { AuthError, all, any, currentAuth, currentUser, isAuthError, not } from "@cloudbase-auth/core";
export type { Auth, AuthErrorCode, CloudbaseAuthOptions, CloudbaseUser, Requirement } from "@cloudbase-auth/core";
export type { AdapterInput, PropertyNames } from "@cloudbase-auth/core/adapter";
