export { createSessions } from "./create-sessions.ts";
export type { BrowserSessions } from "./create-sessions.ts";
export type { CookieOptions, SessionsOptions } from "./options.ts";
export { createMemorySessionStore } from "./memory-session-store.ts";
export type { MemorySessionStoreOptions } from "./memory-session-store.ts";
export { createMemoryAttemptLimiter } from "./routes/memory-attempt-limiter.ts";
export { SessionTooLargeError } from "./session-too-large.ts";
export type { OpenedSession, Session, SessionKeeper, SessionSummary, TransactionCookies } from "./keeper.ts";
export type { AttemptLimits, AttemptPair } from "./routes/attempt-limits.ts";
