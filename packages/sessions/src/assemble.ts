import type { CloudbaseAuth, Sessions } from "@cloudbase-auth/core";
import { createAuthenticate } from "./authenticate.ts";
import { boundStore } from "./bounded-store.ts";
import { createCookieHome } from "./cookie-home.ts";
import { createCookieWriter } from "./cookie-writer.ts";
import { createKeeper } from "./create-keeper.ts";
import { createCrossSiteCheck } from "./cross-site.ts";
import type { SessionKeeper } from "./keeper.ts";
import type { SessionsOptions } from "./options.ts";
import { createSealedCookie } from "./sealed-cookie.ts";
import { createSealer } from "./sealer.ts";
import type { Settings } from "./settings.ts";
import { createStoreHome } from "./store-home.ts";
import { createStoredSessions } from "./stored-sessions.ts";
import { createTransactionCookies } from "./transaction-cookies.ts";

/** What the routes are built upon. */
export interface Assembled extends Pick<Sessions, "authenticate"> {
  readonly keeper: SessionKeeper;
  readonly isCrossSite: ReturnType<typeof createCrossSiteCheck>;
}

/** Puts together what keeps sessions; nothing of it answers requests. */
export function assemble(auth: CloudbaseAuth, settings: Settings, store: SessionsOptions["store"]): Assembled {
  const { secrets, secure, sameSite, cookiePrefix, idleMs, absoluteMs, now } = settings;
  const { refusals } = auth;
  const limits = { idleMs, absoluteMs };

  const cookie = createSealedCookie(
    `${cookiePrefix}.sid`,
    createSealer(secrets, store === undefined ? "session" : "session-id"),
    createCookieWriter({ secure, sameSite }),
  );
  const sealer = createSealer(secrets, "stored-session");
  const stored = store && createStoredSessions({ store: boundStore(store), sealer, limits, now });
  const home =
    stored === undefined
      ? createCookieHome({ cookie, limits, refusals, now })
      : createStoreHome({ cookie, stored, limits, refusals, now });
  const transactions = createTransactionCookies({
    prefix: `${cookiePrefix}.tx.`,
    sealer: createSealer(secrets, "transaction"),
    // A provider sends the browser back from its own site, and a strict cookie would stay behind.
    writer: createCookieWriter({ secure, sameSite: "lax" }),
    now,
  });

  const keeper = createKeeper({
    ...{ auth, home, stored, transactions, idleMs, now },
    monotonic: () => performance.now(),
  });
  const isCrossSite = createCrossSiteCheck(settings.origins);
  const byBearer = settings.mode === "tokens";
  const authenticate = createAuthenticate({ auth, keeper, hasCookie: cookie.isPresent, isCrossSite });
  return { keeper, isCrossSite, authenticate: byBearer ? (request) => auth.authenticate(request) : authenticate };
}
