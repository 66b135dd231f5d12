import type { AuthClientCalls } from "../outside/client/create.ts";
import type { Refusals } from "../protocol/refusals.ts";
import type { AuthRequest, AuthResult } from "../words/auth.ts";
import type { Presented } from "../words/credentials.ts";
import type { AuthError } from "../words/errors.ts";
import type { CheckedRequirement } from "../words/checked-requirement.ts";
import type { Requirement } from "../words/requirement.ts";
import type { RefreshOptions } from "../words/refresh.ts";
import type { RevokedToken } from "../words/revocation.ts";
import type { CloudbaseAuthStatus } from "../words/status.ts";
import type { TokenSet } from "../words/token-set.ts";
import type { Upgrade, UpgradeOptions, UpgradeRequest } from "../words/upgrade.ts";
import type { Caller, Watch } from "../words/watch.ts";
import type { RevokeCalls, RevokeOptions, UserRevokedOptions } from "./revoke.ts";

/** What `createCloudbaseAuth` returns. */
export interface CloudbaseAuth extends RevokeCalls {
  /**
   * Who sent this request. Never throws and never rejects: what went wrong is data in `result.auth`.
   *
   * Reads the Authorization header only. Checks form, algorithm, signature, issuer, audience, subject, times and
   * lifetime of the token; does not ask CloudBase, so a token that was revoked there is good until its `exp`.
   * Answers synchronously when no key has to be fetched.
   */
  readonly authenticate: (request: AuthRequest) => AuthResult | Promise<AuthResult>;
  /**
   * The same for a token that came another way: for what is built on top, such as sessions. Nothing of a request is
   * looked at.
   *
   * @example
   * ```ts
   * const { user } = await auth.authenticatePresented({ kind: "token", credentials: `Bearer ${accessToken}` });
   * ```
   */
  readonly authenticatePresented: (presented: Presented) => AuthResult | Promise<AuthResult>;
  /** Makes the errors of the family, each with its headers, for what is built on top. */
  readonly refusals: Refusals;
  /** Whether a token may come in a body, so that adapters authenticate after that is parsed. */
  readonly readsBody: boolean;
  /**
   * Whether the result satisfies the requirement: `undefined` if so, else the refusal. Without a requirement: a user who
   * is not anonymous.
   *
   * @throws TypeError if the requirement is not well-formed
   */
  readonly authorize: (
    result: AuthResult,
    requirement?: Requirement | CheckedRequirement,
    request?: AuthRequest,
  ) => AuthError | undefined | Promise<AuthError | undefined>;
  /**
   * Whether a request may become a WebSocket, before it does. Beside option `credentials` it takes the token of
   * `new WebSocket(url, ["bearer", token])`; a token in a cookie counts only with an `Origin` that is one of `origins`.
   *
   * @throws TypeError (rejects) if the options are not well-formed
   * @throws whatever a `check` of the requirement throws (rejects): catch it, as nobody does that behind an event
   * @example
   * ```ts
   * server.on("upgrade", async (request, socket, head) => {
   *   const upgrade = await auth.authenticateUpgrade(request, { origins: ["https://app.example"] });
   *   if (upgrade.error) return refuseUpgrade(socket, upgrade.error);
   *   sockets.handleUpgrade(request, socket, head, (ws) => upgrade.hold(ws));
   * });
   * ```
   */
  readonly authenticateUpgrade: (request: UpgradeRequest, options: UpgradeOptions) => Promise<Upgrade>;
  /**
   * Watches the token of a signed-in user until it expires or is revoked here or in the store: for what goes on longer
   * than a request, such as an event stream. Takes a result, or whatever carries one. Nothing is asked of the server, and
   * a key that is withdrawn ends nothing.
   *
   * @throws TypeError if there is no user
   * @example
   * ```ts
   * const watch = auth.watch(request);
   * response.on("close", watch.stop);
   * watch.signal.addEventListener("abort", () => response.end());
   * ```
   */
  readonly watch: (caller: Caller) => Watch;
  /**
   * What to answer a client to an error: to an `AuthApiError` of a call that was made on the client's behalf, and to an
   * `AuthError`, in the language of option `locale`. `undefined` for every other error: that is a fault and no answer.
   *
   * Wrong credentials and the like are 4xx (`upstream_rejected`), a grant that has ended 401, too many attempts 429, an
   * Auth API out of reach or one that refuses our own client 503. A user who does not exist is answered as a wrong
   * password. Nothing that the Auth API or the client sent gets into the answer; it is in `cause`.
   *
   * @example
   * ```ts
   * const tokens = await auth.client.signIn({ username, password }).catch((error: unknown) => {
   *   throw auth.refusalOf(error, request) ?? error;
   * });
   * ```
   */
  readonly refusalOf: (error: unknown, request?: Pick<AuthRequest, "headers">) => AuthError | undefined;
  /**
   * Exchanges a refresh token, once for any number of concurrent callers: in this instance, and in all that share the
   * coordinator. Late callers with the old token get the same successor for a while (`refresh.graceSeconds`); after that
   * its reuse ends the session. Goes to its end whether or not anybody waits.
   *
   * @throws AuthError `refresh_rejected`: the session is over, sign in again; `service_unavailable` or `rate_limited`:
   * the session is kept, and the access token good until its end
   * @throws TypeError if there are several environments and none is named
   */
  readonly refresh: (refreshToken: string, options?: RefreshOptions) => Promise<TokenSet>;
  /**
   * Refuses a token here from now on, in every instance that shares the store, and tells the server. A server that is out
   * of reach is told again until the token expires. Its refresh token is another matter: `client.signOut` ends the
   * session. A token that was no good is left alone.
   *
   * @throws AuthApiError if the server answers that it will not; the token is refused here all the same
   */
  readonly revoke: (accessToken: string) => Promise<RevokedToken>;
  /**
   * Refuses all tokens of a user that were issued up to now, in every instance that shares the store: logs out
   * everywhere. The second counts whole, so who signs in again within it has to do so once more. The server is not told;
   * a refresh token that is still good there makes new tokens: end those with `client.user.revokeAll`.
   */
  readonly revokeUser: (userId: string, options?: RevokeOptions) => Promise<void>;
  /**
   * Whether `revokeUser` or `revokeEnvironment` has ended what a user had at a moment: for sessions, which outlive their
   * access tokens. Nobody is asked.
   *
   * @throws AuthError `service_unavailable`, with `revocation: { onUnavailable: "fail" }` while the store is down
   */
  readonly isUserRevoked: (userId: string, options: UserRevokedOptions) => boolean;
  /** The same for all users of an environment. */
  readonly revokeEnvironment: (options?: RevokeOptions) => Promise<void>;
  /**
   * Fetches the key sets ahead of the first request; good before `listen()`, never needed.
   *
   * @throws AuthError `service_unavailable` if a key set is out of reach
   */
  readonly ready: () => Promise<void>;
  /**
   * The Auth v2 API of the environment; see `createAuthClient`.
   *
   * @throws TypeError with several environments: create a client for each
   */
  readonly client: AuthClientCalls;
  /**
   * The key sets at hand as a text, for {@link CloudbaseAuth.importKeySets} in the next process: public keys only, but
   * whoever can change the text can sign in as anybody, so keep it where the code is kept.
   */
  readonly exportKeySets: () => string;
  /**
   * Takes over exported key sets, so that a serverless start needs no fetch before its first answer. They are as old as
   * they are: a set past its time is renewed first.
   *
   * @throws TypeError if the text is no export, or of other environments or endpoints
   */
  readonly importKeySets: (text: string) => Promise<void>;
  /** How the instance is doing; safe to log and to show to operators. */
  readonly status: () => CloudbaseAuthStatus;
  /**
   * Closes the connections that the instance opened, once no refresh token is being exchanged any more or after 5
   * seconds. Close the server before and the stores after it.
   */
  readonly close: () => Promise<void>;
}
