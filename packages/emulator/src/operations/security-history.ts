import { ApiError } from "../errors.ts";
import type { Environment } from "../state/environment.ts";
import type { HistoryEntry } from "../state/history.ts";
import { readText } from "./fields.ts";
import type { Fields } from "./fields.ts";
import type { UserCall } from "./operation.ts";

const usualLimit = 20;
const mostLimit = 100;

/**
 * GET /auth/v1/user/security/history (official SDK): `query[action]=USER_LOGIN` for sign-ins,
 * `ne_query[action]=USER_LOGIN` for everything else, neither for all; newest first. The SDK names the members of an
 * entry only; what is around them, `next_page_token` above all, was chosen.
 *
 * @throws ApiError invalid_argument
 */
export function readHistory({ history }: Environment, { caller, query }: UserCall): object {
  const wanted = readText(query, "query[action]");
  const unwanted = readText(query, "ne_query[action]");
  const limit = readLimit(query);
  const entries = history.of(caller.sub).filter(({ action }) => (wanted ?? action) === action && unwanted !== action);
  const pageToken = readText(query, "page_token");
  const last = pageToken === undefined ? -1 : entries.findIndex(({ id }) => id === pageToken);
  if (pageToken !== undefined && last === -1) throw new ApiError("invalid_argument", "page_token is unknown");
  const page = entries.slice(last + 1, last + 1 + limit);
  const more = last + 1 + limit < entries.length;
  return {
    total: entries.length,
    data: page.map((entry) => describe(entry)),
    ...(more ? { next_page_token: page.at(-1)?.id } : {}),
  };
}

function readLimit(query: Fields): number {
  const limit = readText(query, "limit");
  if (limit === undefined) return usualLimit;
  if (!/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > mostLimit) {
    throw new ApiError("invalid_argument", `limit must be a number from 1 to ${String(mostLimit)}`);
  }
  return Number(limit);
}

function describe({ id, ip, userAgent, clientId, deviceId, createdAt, from }: HistoryEntry): object {
  return {
    id,
    ip,
    user_agent: userAgent,
    client_id: clientId,
    device_id: deviceId,
    created_at: new Date(createdAt).toISOString(),
    meta: { from },
  };
}
