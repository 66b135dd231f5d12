/**
 * The door for authors of framework adapters: what every adapter does in the same way, once.
 *
 * @module
 */
export { attach, decide, isIdentified, openAdapter, passOn, refusalOf, requestWithBody } from "./seam/adapter.ts";
export type { AdapterInput, AdapterSettings, PropertyNames } from "./seam/adapter.ts";
export { dropConditions, mergeHeaders, responseHeadersOf } from "./seam/response-headers.ts";
export { maxSessionBodyBytes, readSessionBody } from "./seam/session-body.ts";
export type { SessionAnswer, SessionRequest, Sessions } from "./seam/sessions.ts";
export { createRetryQueue } from "./outside/retry-queue.ts";
export type { RetryQueue } from "./outside/retry-queue.ts";
export { runAsCaller } from "./seam/current-user.ts";
export { parseCookies } from "./protocol/cookies.ts";
export type { RequestCookies } from "./protocol/cookies.ts";
export { formatProblem, formatProblemAnswer } from "./protocol/problem.ts";
export type { Problem, ProblemAnswer } from "./protocol/problem.ts";
export { parseStrictObject } from "./protocol/strict-json.ts";
export { checkRequirement } from "./words/checked-requirement.ts";
export { assertDeclared, describeRoute, formatRoutes } from "./seam/declared-routes.ts";
export type { DescribedRoute, FoundRoute } from "./seam/declared-routes.ts";
export { assertInPlace, userOf } from "./seam/signed-in.ts";
export { coversPath, joinPaths } from "./protocol/path-cover.ts";
export type { DescribedRequirement } from "./words/described-requirement.ts";
export { declareGuard, declareHandler, policiesInFront, policyOf } from "./words/route-policy.ts";
export type { RoutePolicy } from "./words/route-policy.ts";
