import type { AuthError, AuthRequest, AuthResult, CloudbaseAuth } from "@cloudbase-auth/core";
import { isUnsafe } from "./cross-site.ts";
import { verify } from "./identity.ts";
import type { SessionKeeper } from "./keeper.ts";

interface AuthenticateParts {
  readonly auth: CloudbaseAuth;
  readonly keeper: Pick<SessionKeeper, "open">;
  readonly hasCookie: (request: AuthRequest) => boolean;
  readonly isCrossSite: (request: AuthRequest) => boolean;
}

/**
 * Who sent the request, by its header or by its session; see `Sessions.authenticate`. Synchronous, where `auth` is, for
 * requests without a cookie of ours.
 */
export function createAuthenticate({ auth, keeper, hasCookie, isCrossSite }: AuthenticateParts) {
  return function authenticate(request: AuthRequest): AuthResult | Promise<AuthResult> {
    const byHeader = auth.authenticate(request);
    if (!hasCookie(request)) return byHeader;
    // What takes time to judge was presented.
    const isPresented = byHeader instanceof Promise || byHeader.auth.state !== "absent";
    if (isPresented) return answer(request, refused(auth.refusals.invalidRequest("several_methods")), []);
    if (isCrossSite(request)) return answer(request, refused(auth.refusals.csrf()), []);
    return bySession(request);
  };

  async function bySession(request: AuthRequest): Promise<AuthResult> {
    const opened = await keeper.open(request);
    const { cookies } = opened;
    switch (opened.state) {
      case "open":
        return answer(request, await verify(auth, opened.session.accessToken), cookies);
      case "unavailable":
        return answer(request, { auth: { state: "unavailable", error: opened.error }, user: undefined }, cookies);
      case "none":
        if (opened.error !== undefined) return answer(request, refused(opened.error), cookies);
        return answer(request, { auth: Object.freeze({ state: "absent" }), user: undefined }, cookies);
    }
  }
}

function refused(error: AuthError): AuthResult {
  return { auth: Object.freeze({ state: "rejected", error }), user: undefined };
}

/** Another result with what the response needs: the one that was found may be shared with other requests. */
function answer(request: AuthRequest, { auth, user }: AuthResult, cookies: readonly string[]): AuthResult {
  const headers = Object.freeze({
    Vary: isUnsafe(request) ? "Cookie, Sec-Fetch-Site, Origin" : "Cookie",
    "Cache-Control": cookies.length === 0 ? "private" : "no-store",
  });
  return Object.freeze({ auth, user, headers, ...(cookies.length > 0 && { cookies: Object.freeze([...cookies]) }) });
}
