import type { CloudbaseUser } from "@cloudbase-auth/core";
import type { OpenedSession, Session } from "../keeper.ts";
import type { RouteCall } from "./route.ts";

/** Who sent the request. */
export interface Caller {
  readonly user: CloudbaseUser;
  readonly accessToken: string;
  /** In mode `session` only. */
  readonly session: Session | undefined;
}

/**
 * The user of the session or, in mode `tokens`, of the bearer token; `undefined` if the request has none.
 *
 * @throws AuthError if what it has is no good, or that cannot be found out
 */
async function findCaller(call: RouteCall): Promise<Caller | undefined> {
  const { auth, request } = call;
  if (call.mode === "tokens") return callerOf(await auth.authenticate(request), undefined);
  const opened = await openSession(call);
  if (opened.state === "unavailable") throw opened.error;
  if (opened.state === "none") {
    if (opened.error !== undefined) throw opened.error;
    return undefined;
  }
  if (hasBearer(request.headers["authorization"])) throw auth.refusals.invalidRequest("several_methods");
  return verifySession(call, opened.session);
}

/**
 * The same of a request to a route that anybody may call: a session that has ended is none.
 *
 * @throws AuthError if there is a session and it cannot be opened now
 */
export async function findCallerIfAny(call: RouteCall): Promise<Caller | undefined> {
  try {
    return await findCaller(call);
  } catch (error) {
    const refusal = call.auth.refusalOf(error);
    if (call.mode === "session" && refusal?.status === 401) return undefined;
    throw error;
  }
}

/** @throws AuthError `missing_token` if nobody is signed in, and as {@link findCaller} */
export async function requireCaller(call: RouteCall): Promise<Caller> {
  const caller = await findCaller(call);
  if (caller === undefined) throw call.auth.refusals.missingToken();
  return caller;
}

/** @throws AuthError `anonymous_user` if the caller is one, and as {@link requireCaller} */
export async function requirePerson(call: RouteCall): Promise<Caller> {
  const caller = await requireCaller(call);
  if (caller.user.isAnonymous) throw call.auth.refusals.anonymousUser();
  return caller;
}

/** What became of the request's session; its cookies are on the answer from here on. */
export async function openSession(call: RouteCall): Promise<OpenedSession> {
  const opened = await call.keeper.open(call.request);
  call.setCookies(opened.cookies);
  return opened;
}

/** The user whom the access token of a session speaks for. @throws AuthError if it is revoked, say */
async function verifySession(call: RouteCall, session: Session): Promise<Caller> {
  const credentials = `Bearer ${session.accessToken}`;
  const caller = callerOf(await call.auth.authenticatePresented({ kind: "token", credentials }), session);
  if (caller === undefined) throw call.auth.refusals.missingToken();
  return caller;
}

type Result = Awaited<ReturnType<RouteCall["auth"]["authenticate"]>>;

function callerOf({ auth, user }: Result, session: Session | undefined): Caller | undefined {
  if (auth.state === "authenticated" && user !== undefined) return { user, accessToken: auth.token, session };
  if (auth.state === "rejected" || auth.state === "unavailable") throw auth.error;
  return undefined;
}

function hasBearer(authorization: string | string[] | undefined): boolean {
  return typeof authorization === "string" && /^bearer(?: |$)/i.test(authorization);
}
