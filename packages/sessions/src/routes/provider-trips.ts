import { randomBytes, timingSafeEqual } from "node:crypto";
import { useOnce } from "./attempts.ts";
import { RefusedFields } from "./refusal.ts";
import type { RouteCall } from "./route.ts";
import { newDeviceId } from "./signed-in.ts";

/** A way to a third party and back (RFC 9700 §4.7): what it was begun for, bound to the browser that began it. */
export interface Trip {
  readonly providerId: string;
  /** The callback, letter for letter as the third party was told it (RFC 9700 §2.1). */
  readonly redirectUri: string;
  readonly returnTo: string;
  /** The user who binds the account of the third party; `undefined` for whoever signs in. */
  readonly boundTo: string | undefined;
  readonly deviceId: string;
}

const tripSeconds = 600;
const mostTrips = 5;
const keyLength = 8;
const prefix = "to-";

/** Where a browser goes that begins such a trip; it gets a state of its own, in a cookie. */
export async function beginTrip(
  call: RouteCall,
  { providerId, returnTo, boundTo }: Pick<Trip, "providerId" | "returnTo" | "boundTo">,
): Promise<string> {
  const { origin, request, keeper, auth } = call;
  const redirectUri = `${origin}${request.mount}/provider/${encodeURIComponent(providerId)}/callback`;
  const state = randomBytes(32).toString("base64url");
  const deviceId = newDeviceId();
  const { uri } = await auth.client.providers.redirectUri({ providerId, redirectUri, state }, { deviceId });
  await dropOldest(call);
  const data = { state, providerId, redirectUri, returnTo, deviceId, startedAt: String(call.now()) };
  call.setCookies([
    await keeper.transactions.seal(keyOf(state), { ...data, ...(boundTo !== undefined && { boundTo }) }, tripSeconds),
  ]);
  return new URL(uri).href;
}

/**
 * The trip that a browser comes back from. Its state is used up, whatever becomes of the rest.
 *
 * @throws RefusedFields for a state of another browser or provider, one that was used, and one that has ended
 */
export async function endTrip(call: RouteCall, providerId: string): Promise<Trip> {
  const state = call.query.getAll("state");
  const [only] = state;
  if (only === undefined || state.length !== 1 || !/^[\w-]{43}$/.test(only)) throw foreignState();
  const key = keyOf(only);
  const data = await call.keeper.transactions.open(call.request, key);
  if (data?.["state"] === undefined || !sameText(data["state"], only) || data["providerId"] !== providerId) {
    throw foreignState();
  }
  // The cookie goes from this browser; a copy of it would still open.
  const isFirst = await useOnce(call, only, tripSeconds);
  call.setCookies([call.keeper.transactions.expire(key)]);
  if (!isFirst) throw foreignState();
  const { redirectUri, returnTo, boundTo, deviceId } = data;
  if (redirectUri === undefined || returnTo === undefined || deviceId === undefined) throw foreignState();
  return { providerId, redirectUri, returnTo, boundTo, deviceId };
}

/** A browser that never comes back does not fill its cookies. */
async function dropOldest(call: RouteCall): Promise<void> {
  const { transactions } = call.keeper;
  const keys = transactions.keys(call.request).filter((key) => key.startsWith(prefix));
  if (keys.length < mostTrips) return;
  const trips = await Promise.all(
    keys.map(async (key) => {
      const data = await transactions.open(call.request, key);
      return { key, startedAt: Number(data?.["startedAt"] ?? 0) };
    }),
  );
  trips.sort((one, other) => one.startedAt - other.startedAt);
  const surplus = trips.slice(0, keys.length - mostTrips + 1);
  call.setCookies(surplus.map(({ key }) => transactions.expire(key)));
}

function keyOf(state: string): string {
  return prefix + state.slice(0, keyLength);
}

function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function foreignState(): RefusedFields {
  return new RefusedFields([{ field: "state", problem: "format" }]);
}
