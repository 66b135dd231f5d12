import type { AuthError, CloudbaseAuth, TokenSet } from "@cloudbase-auth/core";
import { isAuthError } from "@cloudbase-auth/core";
import type { Session } from "./keeper.ts";

/** What became of the exchange of a session's refresh token. */
export type Exchanged =
  | { readonly state: "exchanged"; readonly tokens: TokenSet }
  /** The session is over. */
  | { readonly state: "over"; readonly error: AuthError }
  /** For no fault of the session's. */
  | { readonly state: "failed"; readonly error: AuthError };

/** What exchanging needs of an instance. */
export type ExchangingAuth = Pick<CloudbaseAuth, "refresh" | "refusals">;

/** Exchanges the refresh token of a session, which must have one; it never rejects (RF-09). */
export async function exchangeTokens(auth: ExchangingAuth, session: Session): Promise<Exchanged> {
  const { id, environment, refreshToken = "" } = session;
  try {
    return { state: "exchanged", tokens: await auth.refresh(refreshToken, { session: id, environment }) };
  } catch (error) {
    if (!isAuthError(error)) return { state: "failed", error: auth.refusals.serviceUnavailable("internal", 5, error) };
    if (error.code === "refresh_rejected") return { state: "over", error };
    if (error.code === "service_unavailable") return { state: "failed", error };
    // Such as too many attempts: the client of this request has done nothing that it could do less of.
    const seconds = retryAfterSeconds(error);
    return { state: "failed", error: auth.refusals.serviceUnavailable("auth_api", seconds, error) };
  }
}

/** How long the refusal says to wait. */
export function retryAfterSeconds({ headers }: AuthError): number {
  const seconds = Number(headers["Retry-After"]);
  return Number.isFinite(seconds) ? seconds : 5;
}
