export { createAuthClient } from "./seam/create-client.ts";
export type { AuthClient, AuthClientOptions } from "./seam/create-client.ts";
export { createCloudbaseAuth } from "./seam/create.ts";
export type { CloudbaseAuth } from "./seam/cloudbase-auth.ts";
export { currentAuth, currentUser } from "./seam/current-user.ts";
export { refuseUpgrade } from "./seam/refuse-upgrade.ts";
export type {
  ClosableSocket,
  GrantedUpgrade,
  RefusedUpgrade,
  Upgrade,
  UpgradeOptions,
  UpgradeRequest,
} from "./words/upgrade.ts";
export type { Caller, Watch } from "./words/watch.ts";
export type { RevokeOptions, UserRevokedOptions } from "./seam/revoke.ts";
export { createMemoryRefreshCoordinator } from "./outside/memory-refresh-coordinator.ts";
export type { RefreshCoordinator, RefreshOptions, RefreshSettings, RefreshTurn, Rotation } from "./words/refresh.ts";
export { createMemoryRevocationStore } from "./outside/memory-revocation-store.ts";
export type {
  Revocation,
  RevocationListener,
  RevocationOptions,
  RevocationStore,
  RevokedToken,
} from "./words/revocation.ts";
export type { IntrospectionCache, SharedWord, VerificationMode } from "./words/verification.ts";
export type { CloudbaseAuthStatus, KeySetStatus, RevocationStatus, TokenCacheStatus } from "./words/status.ts";
export type { NewSession, OwnedSession, SessionStore, StoredSession } from "./words/session-store.ts";
export type { AttemptLimit, AttemptLimiter } from "./words/attempt-limiter.ts";
export type { SessionAnswer, SessionRequest, Sessions } from "./seam/sessions.ts";
export { AuthError, isAuthError } from "./words/errors.ts";
export type { AuthErrorCode, AuthErrorReason, Locale } from "./words/errors.ts";
export type {
  Absent,
  Auth,
  Authenticated,
  AuthRequest,
  AuthResult,
  Claims,
  CloudbaseClaims,
  FrozenJson,
  Rejected,
  Unavailable,
} from "./words/auth.ts";
export type {
  CloudbaseAuthOptions,
  EnvironmentOptions,
  KeySetTimes,
  SharedOptions,
  SignatureAlgorithm,
  TokenCacheLimits,
} from "./words/options.ts";
export { logSerializers } from "./protocol/log-serializers.ts";
export { redact } from "./protocol/redact.ts";
export { fromCloudbaseContext } from "./protocol/cloudbase-context.ts";
export { fromCookie, fromForm, fromHeader, fromQuery } from "./protocol/credentials.ts";
export type { Refusals } from "./protocol/refusals.ts";
export type { CredentialsSource, Presented } from "./words/credentials.ts";
export type {
  AuthenticatedEvent,
  DeniedEvent,
  DiagnosticsEvents,
  IntrospectionEvent,
  KeySetFetchEvent,
  RefreshEvent,
  RejectedEvent,
  RevocationEvent,
  UnavailableEvent,
  UpstreamRequestEvent,
} from "./words/diagnostics.ts";
export { explain } from "./seam/explain.ts";
export type { ExplainedCondition, Explanation } from "./words/explanation.ts";
export { all, any, not } from "./words/requirement.ts";
export type { Check, Composition, Conditions, Requirement } from "./words/requirement.ts";
export type { ChangePasswordInput, EditInput } from "./outside/client/account.ts";
export type { SignInInput, SignUpInput } from "./outside/client/sign-in.ts";
export type { Introspected } from "./protocol/api-answers.ts";
export type { Recipient, SentVerification, VerifiedCode } from "./outside/client/verification.ts";
export { AuthApiError } from "./words/api-error.ts";
export type { AuthApiErrorDetails, AuthApiErrorKind } from "./words/api-error.ts";
export type { CallOptions, CaptchaChallenge, ClientOptions } from "./words/client-options.ts";
export type { BoundProvider, Provider, ProviderProfile, PublicProfile, UserProfile } from "./words/profile.ts";
export type { TokenSet } from "./words/token-set.ts";
export type { CloudbaseUser } from "./words/user.ts";
export type { WarningEvent } from "./words/warning.ts";
