import * as v from "valibot";
import { countAttempt } from "./attempts.ts";
import { openSession, requireCaller } from "./caller.ts";
import { verify } from "../identity.ts";
import type { Session } from "../keeper.ts";
import { endHere, forgetBrowser, tellServer, tellServerOfAll } from "./ending.ts";
import { field } from "./fields.ts";
import { PlainProblem } from "./refusal.ts";
import { defineRoute } from "./route.ts";
import type { Reply, Route, RouteCall } from "./route.ts";
import { freshMs, signedInAnswers, tokensToTell, userOf } from "./signed-in.ts";

const ended = { session: ["here", "server"], tokens: ["here", "server"] } as const;

/** What becomes of sessions. */
export const sessionRoutes: readonly Route[] = [
  defineRoute({
    method: "POST",
    path: "/refresh",
    about:
      "Gets new tokens, and with them what has changed about the user. In a session that is done in passing wherever it is due; here it is done at once.",
    forms: { session: [], tokens: [v.strictObject({ refreshToken: field.refreshToken })] },
    answers: signedInAnswers,
    async handle(call, body): Promise<Reply> {
      if ("refreshToken" in body) return refreshTokens(call, body.refreshToken);
      const { session, user } = await requireCaller(call);
      await countAttempt(call, "refresh", session?.id);
      if (session?.refreshToken === undefined || call.now() - session.renewedAt < freshMs) return { body: { user } };
      const { id, environment, refreshToken } = session;
      try {
        const tokens = await call.auth.refresh(refreshToken, { session: id, environment });
        call.setCookies(await call.keeper.renew(session, tokens));
        return { body: { user: await userOf(call, tokens.accessToken) } };
      } catch (error) {
        if (call.auth.refusalOf(error)?.code !== "refresh_rejected") throw error;
        call.setCookies(await call.keeper.end(call.request, session));
        throw error;
      }
    },
  }),
  defineRoute({
    method: "POST",
    path: "/signout",
    about:
      "Ends the session: here first, then at the server. `server` says what that knows: `revoked`, `queued` (it is told again, while this process lives), `failed` (it is over here alone) or `not asked`. With the store out of reach it is 503, and to be sent again.",
    answers: ended,
    async handle(call): Promise<Reply> {
      if (call.mode === "tokens") {
        const { accessToken } = await requireCaller(call);
        return { body: { here: true, server: await tellServer(call, { accessToken }) } };
      }
      const opened = await openSession(call);
      const session = opened.state === "none" ? undefined : opened.session;
      try {
        call.setCookies(await call.keeper.end(call.request, session));
      } catch (error) {
        // It goes on here, and whoever comes with it is refused: its tokens are worth nothing.
        if (session !== undefined) await tellServer(call, session);
        throw error;
      }
      forgetBrowser(call);
      // It may be that there was one: the store did not say.
      const unknown = opened.state === "unavailable" ? "failed" : "not asked";
      const server = session === undefined ? unknown : await tellServer(call, session);
      return { body: { here: true, server } };
    },
  }),
  defineRoute({
    method: "POST",
    path: "/signout/everywhere",
    about:
      "Ends all sessions of the user, here and at the server; `server` as above. With `failed`, refresh tokens that are elsewhere may still work. Whoever signs in again within the same second is asked to come back in the next one (503).",
    answers: ended,
    async handle(call): Promise<Reply> {
      const caller = await requireCaller(call);
      await endHere(call, caller, "everywhere");
      return { body: { here: true, server: await tellServerOfAll(call, caller.accessToken) } };
    },
  }),
  defineRoute({
    method: "GET",
    path: "/sessions",
    about:
      "The user's sessions, with a store only: `handle`, `isCurrent`, `startedAt` and `seenAt` in milliseconds since the epoch, `userAgent`.",
    answers: { session: ["sessions"], tokens: undefined },
    async handle(call): Promise<Reply> {
      const session = await requireStored(call);
      return { body: { sessions: await call.keeper.list(session) } };
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "/sessions/:handle",
    about: "Ends another session of the user, here and at the server, with a store only.",
    answers: { session: [], tokens: undefined },
    async handle(call): Promise<Reply> {
      const session = await requireStored(call);
      const other = await call.keeper.endOther(session, call.params["handle"] ?? "");
      if (other === undefined) throw new PlainProblem(404, "There is no such session.");
      await tellServer(call, other);
      return {};
    },
  }),
];

async function refreshTokens(call: RouteCall, refreshToken: string): Promise<Reply> {
  await countAttempt(call, "refresh", refreshToken);
  const tokens = await call.auth.refresh(refreshToken);
  const { auth } = await verify(call.auth, tokens.accessToken);
  // Signed out since they were got, and told once more to whoever came late with the old refresh token.
  if (auth.state === "rejected" && auth.error.reason === "revoked") {
    throw call.auth.refusals.refreshRejected("reused", auth.error);
  }
  return { body: { user: await userOf(call, tokens.accessToken), tokens: tokensToTell(tokens) } };
}

/** @throws PlainProblem without a store, AuthError without a session */
async function requireStored(call: RouteCall): Promise<Session> {
  if (!call.keeper.hasStore) {
    throw new PlainProblem(
      404,
      "Sessions are kept in the browsers alone, so there is no list of them; it needs a store.",
    );
  }
  const { session } = await requireCaller(call);
  if (session === undefined) throw call.auth.refusals.missingToken();
  return session;
}
