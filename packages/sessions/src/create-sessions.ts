import type { Sessions } from "@cloudbase-auth/core";
import { assemble } from "./assemble.ts";
import type { SessionKeeper } from "./keeper.ts";
import type { SessionsOptions } from "./options.ts";
import { createReturnTo } from "./return-to.ts";
import { createAuthRoutes } from "./routes/auth-routes.ts";
import { createCaptchaProofs } from "./routes/captcha-proof.ts";
import { createMemoryAttemptLimiter } from "./routes/memory-attempt-limiter.ts";
import { createSealer } from "./sealer.ts";
import { parseSettings } from "./settings.ts";

/** What {@link createSessions} returns. */
export interface BrowserSessions extends Sessions {
  /** For routes of your own that sign people in. */
  readonly keeper: SessionKeeper;
}

/**
 * Keeps people signed in by a cookie, so that no token ever reaches their browser's JavaScript; give it to an adapter as
 * `session`.
 *
 * A request is authenticated by the bearer header or by the session, never by both (400). Access tokens that end are
 * exchanged in passing. A request that may change something and comes from a page of somebody else is refused (403
 * `csrf`), whatever it asks for.
 *
 * It does **not** make a copied cookie worthless: with a store, sign-out does; without one it is good until its absolute
 * end, or until the server refuses its refresh token. Nor does it defend against scripts within the page itself.
 *
 * @throws TypeError naming the option that is missing or wrong, and the fix
 * @example
 * ```ts
 * const secret = String(process.env.SESSION_SECRET);
 * const sessions = createSessions({ auth: createCloudbaseAuth(), secret, origin: "https://app.example" });
 * app.use("/auth", authRoutes(sessions));
 * app.use(cloudbaseAuth({ session: sessions }));
 * ```
 */
export function createSessions(options: SessionsOptions): BrowserSessions {
  const settings = parseSettings(options, process.env);
  const { auth, store, limiter = createMemoryAttemptLimiter(), limits } = options;
  const { keeper, isCrossSite, authenticate } = assemble(auth, settings, store);
  const { origin, mode, now } = settings;
  const answer = createAuthRoutes({
    ...{ auth, keeper, limiter, origin, mode, now, limits },
    captchaProofs: createCaptchaProofs(createSealer(settings.secrets, "captcha-proof"), now),
    checkCrossSite: isCrossSite,
    returnTo: createReturnTo(origin),
  });
  return Object.freeze({ auth, keeper, authenticate, answer });
}
