import { ApiError } from "../errors.ts";
import type { Environment } from "../state/environment.ts";
import { requireText } from "./fields.ts";
import type { UserCall } from "./operation.ts";

/** DELETE /auth/v1/user/revoke/all (official SDK): every session of the user ends, this one too. */
export function revokeAll({ sessions, revokedTokens }: Environment, { caller }: UserCall): object {
  sessions.revokeWhere(caller.sub, () => true);
  revokedTokens.add(caller.fingerprint);
  return {};
}

/**
 * DELETE /auth/v1/user/authorized/devices/{device_id} (official SDK): the user's sessions that began with this
 * x-device-id end.
 *
 * @throws ApiError not_found when there are none
 */
export function revokeDevice({ sessions }: Environment, { caller, params }: UserCall): object {
  const deviceId = requireText(params, "device_id");
  const ended = sessions.revokeWhere(caller.sub, (session) => session.deviceId === deviceId);
  if (ended === 0) throw new ApiError("not_found", "this user is not signed in on that device");
  return {};
}
