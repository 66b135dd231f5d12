import { AuthApiError } from "@cloudbase-auth/core";
import type { TokenSet } from "@cloudbase-auth/core";
import * as v from "valibot";
import { countAttempt } from "./attempts.ts";
import { findCallerIfAny, requireCaller, requirePerson } from "./caller.ts";
import { field, optional } from "./fields.ts";
import { forget } from "./kept-for-browser.ts";
import { beginTrip, endTrip } from "./provider-trips.ts";
import type { Trip } from "./provider-trips.ts";
import { PlainProblem, RefusedFields } from "./refusal.ts";
import { refusalOf } from "./refusal-of.ts";
import { defineRoute } from "./route.ts";
import type { Reply, Route, RouteCall } from "./route.ts";
import { beginSession } from "./signed-in.ts";

/** Third parties that people sign in with. */
export const providerRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "/providers",
    about:
      "The third parties that the environment knows, and which of them the user has bound. The Auth API tells them to users only, so a page where people sign in names its own.",
    answers: { session: ["providers"], tokens: ["providers"] },
    async handle(call): Promise<Reply> {
      const { accessToken } = await requireCaller(call);
      const { providers } = await call.auth.client.providers.list({ accessToken });
      return { body: { providers } };
    },
  }),
  defineRoute({
    method: "GET",
    path: "/provider/:id",
    about:
      "Sends the browser to a third party to sign in, and afterwards to the path `return_to` of the query. The way takes at most 10 minutes; five at once are possible.",
    answers: { session: "303", tokens: undefined },
    async handle(call): Promise<Reply> {
      await countAttempt(call, "signIn");
      const returnTo = returnToOf(call, call.query.getAll("return_to"), "return_to");
      return { location: await beginTrip(call, { providerId: providerIdOf(call), returnTo, boundTo: undefined }) };
    },
  }),
  defineRoute({
    method: "GET",
    path: "/provider/:id/callback",
    about:
      "Where the third party sends the browser back to; it goes on to `return_to`, signed in, or else with the code of what went wrong as `auth_error`.",
    answers: { session: "303", tokens: undefined },
    async handle(call): Promise<Reply> {
      await countAttempt(call, "signIn");
      const trip = await endTrip(call, providerIdOf(call));
      const code = call.query.get("code");
      if (code === null || call.query.has("error")) return { location: withError(call, trip, "access_denied") };
      try {
        await arrive(call, trip, code);
        return { location: trip.returnTo };
      } catch (error) {
        const refusal = refusalOf(call, error);
        if (refusal === undefined) throw error;
        return { location: withError(call, trip, refusal.code) };
      }
    },
  }),
  defineRoute({
    method: "POST",
    path: "/provider/:id/bind",
    about:
      "Binds an account of a third party to the user. In a browser: where to send it, as for a sign-in; it is a POST so that no other site can begin it.",
    forms: {
      session: [v.strictObject({ returnTo: optional.returnTo })],
      tokens: [v.strictObject({ providerCode: field.providerCode, redirectUri: optional.redirectUri })],
    },
    answers: { session: ["redirectTo"], tokens: [] },
    async handle(call, body): Promise<Reply> {
      const { user, accessToken } = await requirePerson(call);
      await countAttempt(call, "signIn");
      const providerId = providerIdOf(call);
      if ("providerCode" in body) {
        const { providerCode: code, redirectUri } = body;
        const login = { providerId, code, ...(redirectUri !== undefined && { redirectUri }) };
        const { providerToken } = await call.auth.client.providers.exchange(login);
        await call.auth.client.providers.bind({ accessToken, providerToken });
        return {};
      }
      const returnTo = returnToOf(call, body.returnTo === undefined ? [] : [body.returnTo], "returnTo");
      return { body: { redirectTo: await beginTrip(call, { providerId, returnTo, boundTo: user.id }) } };
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "/provider/:id",
    about: "Takes a third party off the user's account, unless it is the only way to sign in.",
    answers: { session: [], tokens: [] },
    async handle(call): Promise<Reply> {
      const { accessToken } = await requirePerson(call);
      await call.auth.client.providers.unbind({ accessToken, providerId: providerIdOf(call) });
      return {};
    },
  }),
];

/** Signs in, signs up or binds by what the third party gave. */
async function arrive(call: RouteCall, { providerId, redirectUri, deviceId, boundTo }: Trip, code: string) {
  const { client, refusals } = call.auth;
  if (boundTo === undefined) {
    const anonymous = await findCallerIfAny(call);
    const anonymousToken = anonymous?.user.isAnonymous === true ? anonymous.accessToken : undefined;
    const { providerToken } = await client.providers.exchange({ providerId, code, redirectUri }, { deviceId });
    await beginSession(call, await enter(call, { providerToken, providerId, deviceId, anonymousToken }));
    forget(call, "device");
    return;
  }
  const { user, accessToken } = await requirePerson(call);
  // Somebody else has signed in meanwhile, in another tab.
  if (user.id !== boundTo) throw refusals.forbidden("check");
  const { providerToken } = await client.providers.exchange({ providerId, code, redirectUri }, { deviceId });
  await client.providers.bind({ accessToken, providerToken });
}

interface Entry {
  readonly providerToken: string;
  readonly providerId: string;
  readonly deviceId: string;
  readonly anonymousToken: string | undefined;
}

/** An anonymous user whose account at the third party nobody has bound becomes its owner, and keeps the user id. */
async function enter(call: RouteCall, { deviceId, anonymousToken, ...login }: Entry): Promise<TokenSet> {
  const { client } = call.auth;
  if (anonymousToken === undefined) return client.signInWithProvider(login, { deviceId });
  try {
    return await client.signInWithProvider({ ...login, forceDisableSignUp: true }, { deviceId });
  } catch (error) {
    if (!(error instanceof AuthApiError) || error.kind !== "not_found") throw error;
    return client.signUp({ providerToken: login.providerToken, anonymousToken }, { deviceId });
  }
}

function providerIdOf({ params }: RouteCall): string {
  const id = params["id"] ?? "";
  if (!v.is(field.providerId, id)) throw new PlainProblem(404, "There is no such third party.");
  return id;
}

/** @throws RefusedFields for a place that is not ours */
function returnToOf(call: RouteCall, given: readonly string[], name: "returnTo" | "return_to"): string {
  const [only = "/", second] = given;
  const path = second === undefined ? call.returnTo(only) : undefined;
  if (path === undefined) throw new RefusedFields([{ field: name, problem: "format" }]);
  return path;
}

function withError({ origin }: RouteCall, { returnTo }: Trip, code: string): string {
  const url = new URL(returnTo, origin);
  url.searchParams.set("auth_error", code);
  return url.pathname + url.search + url.hash;
}
