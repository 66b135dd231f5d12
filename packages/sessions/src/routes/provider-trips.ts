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
/** Of all trips together, before they are sealed: any site can begin one, and too many bytes of cookies are 431. */
const mostCharacters = 2_500;
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
  const trip = { state, providerId, redirectUri, returnTo, deviceId, startedAt: String(call.now()) };
  const data = { ...trip, ...(boundTo !== undefined && { boundTo }) };
  await dropOldest(call, sizeOf(data));
  call.setCookies([await keeper.transactions.seal(keyOf(state), data, tripSeconds)]);
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

/** A browser that never comes back does not fill its cookies: the oldest trips make room for the new one. */
async function dropOldest(call: RouteCall, size: number): Promise<void> {
  const { transactions } = call.keeper;
  const keys = transactions.keys(call.request).filter((key) => key.startsWith(prefix));
  const trips = await Promise.all(
    keys.map(async (key) => {
      const data = await transactions.open(call.request, key);
      return { key, size: sizeOf(data ?? {}), startedAt: Number(data?.["startedAt"] ?? 0) };
    }),
  );
  trips.sort((one, other) => other.startedAt - one.startedAt);
  let [count, characters] = [1, size];
  for (const trip of trips) {
    count += 1;
    characters += trip.size;
    if (count > mostTrips || characters > mostCharacters) call.setCookies([transactions.expire(trip.key)]);
  }
}

function sizeOf(data: Readonly<Record<string, string>>): number {
  return JSON.stringify(data).length;
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
