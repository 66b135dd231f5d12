import { presentedToken } from "../protocol/bearer.ts";
import type { Refusals } from "../protocol/refusals.ts";
import { digestToken } from "../protocol/revocation-list.ts";
import type { RevocableToken } from "../protocol/revocation-list.ts";
import { userFromClaims } from "../protocol/wire.ts";
import type { Revocations } from "../outside/revocations.ts";
import type { Authenticated, AuthRequest, AuthResult } from "../words/auth.ts";
import type { Presented } from "../words/credentials.ts";
import { repeatError } from "../words/errors.ts";
import type { AuthError } from "../words/errors.ts";
import type { CloudbaseUser } from "../words/user.ts";
import type { Caller, Watch } from "../words/watch.ts";

/** What a new token has to pass beside being good. */
export type Admit = (result: AuthResult) => AuthError | undefined | Promise<AuthError | undefined>;

/** Watches a caller's token; see `CloudbaseAuth.watch`. */
export type StartWatch = (caller: Caller, admit?: Admit) => Watch;

interface WatchParts {
  readonly authenticate: (
    request: AuthRequest,
    read: (request: AuthRequest) => Presented,
  ) => AuthResult | Promise<AuthResult>;
  readonly refusals: Refusals;
  readonly revocations: Revocations;
  readonly clockToleranceSeconds: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

// A timer runs by another clock than tokens do, which may be set, and stands still while the machine sleeps; nor does it
// take more than 2^31 ms.
const longestMs = 60_000;
const noRequest: AuthRequest = Object.freeze({ headers: Object.freeze({}) });

/** What is revoked wakes all watches at once; each has one timer for its own end, which keeps no process alive. */
export function createWatch(parts: WatchParts): StartWatch {
  const { authenticate, refusals, revocations, clockToleranceSeconds, now } = parts;
  const watches = new Set<() => void>();
  let woken = false;

  revocations.onChange(() => {
    if (woken || watches.size === 0) return;
    woken = true;
    // However many revocations come in at once, each watch looks once.
    setImmediate(() => {
      woken = false;
      for (const look of watches) look();
    });
  });

  function isRevoked(token: RevocableToken): boolean {
    try {
      return revocations.covers(token);
    } catch {
      // The store is away. Nothing is known against the token, and when it is back there is another look.
      return false;
    }
  }

  function refusalOf({ auth }: AuthResult): AuthError | undefined {
    if (auth.state === "authenticated") return undefined;
    return auth.state === "absent" ? refusals.missingToken() : repeatError(auth.error);
  }

  return function watch(caller, admit = refusalOf) {
    let { auth, user } = identified(caller);
    let revocable = revocableOf(auth);
    let timer: NodeJS.Timeout | undefined;
    let ended: AuthError | undefined;
    const controller = new AbortController();

    function leftMs(): number {
      return auth.expiresAt + clockToleranceSeconds * 1_000 - now();
    }

    function look(): void {
      // Written so that a clock that gives NaN ends it.
      if (!(leftMs() > 0)) end("expired");
      else if (isRevoked(revocable)) end("revoked");
    }

    function wait(): void {
      clearTimeout(timer);
      if (watches.has(look)) look();
      if (watches.has(look)) timer = setTimeout(wait, Math.min(leftMs(), longestMs)).unref();
    }

    function stop(): void {
      clearTimeout(timer);
      watches.delete(look);
    }

    function end(reason: "expired" | "revoked"): void {
      stop();
      ended = refusals.invalidToken(reason);
      controller.abort(ended);
    }

    watches.add(look);
    // Not at once: nobody could have a listener for a token that ended on the way here.
    queueMicrotask(wait);

    return Object.freeze({
      signal: controller.signal,
      get auth() {
        return auth;
      },
      get user() {
        return user;
      },
      async extend(accessToken: string) {
        const result = await authenticate(noRequest, () => presentedToken(accessToken));
        const refusal = await admit(result);
        if (refusal !== undefined) return refusal;
        const next = identified(result);
        const isSame = next.auth.claims.sub === auth.claims.sub && next.auth.environment === auth.environment;
        if (!isSame) return refusals.invalidToken("claim");
        if (watches.has(look)) {
          ({ auth, user } = next);
          revocable = revocableOf(auth);
          wait();
        }
        return ended;
      },
      stop,
    });
  };
}

function identified({ auth }: Caller): { readonly auth: Authenticated; readonly user: CloudbaseUser } {
  if (auth?.state !== "authenticated" || typeof auth.token !== "string") {
    throw new TypeError("only a signed-in user can be watched; put requireUser() in front, and hand over what it left");
  }
  return { auth, user: userFromClaims(auth.claims) };
}

function revocableOf({ environment, claims, token }: Authenticated): RevocableToken {
  let digest: string | undefined;
  return { environment, subject: claims.sub, issuedAt: claims.iat, digest: () => (digest ??= digestToken(token)) };
}
