export { createCloudbaseAuth } from "./seam/create.ts";
export type { CloudbaseAuth } from "./seam/create.ts";
export { AuthError, isAuthError } from "./words/errors.ts";
export type { AuthErrorCode, AuthErrorReason } from "./words/errors.ts";
export type {
  Absent,
  Auth,
  Authenticated,
  AuthRequest,
  AuthResult,
  Claims,
  FrozenJson,
  Rejected,
  Unavailable,
} from "./words/auth.ts";
export type { CloudbaseAuthOptions, EnvironmentOptions, SharedOptions, SignatureAlgorithm } from "./words/options.ts";
export type { Requirement } from "./words/requirement.ts";
export type { CloudbaseUser } from "./words/user.ts";
export type { WarningEvent } from "./words/warning.ts";
