import { channel } from "node:diagnostics_channel";
import type { Channel } from "node:diagnostics_channel";
import type { DiagnosticsEvents } from "../words/diagnostics.ts";

type Name = keyof DiagnosticsEvents;

/** Node keeps one channel a name and process; these are held so that whoever subscribes first or last gets the same. */
export const channels: Readonly<Record<Name, Channel>> = {
  "cloudbase-auth:authenticated": channel("cloudbase-auth:authenticated"),
  "cloudbase-auth:rejected": channel("cloudbase-auth:rejected"),
  "cloudbase-auth:unavailable": channel("cloudbase-auth:unavailable"),
  "cloudbase-auth:denied": channel("cloudbase-auth:denied"),
  "cloudbase-auth:key_set_fetch": channel("cloudbase-auth:key_set_fetch"),
  "cloudbase-auth:introspection": channel("cloudbase-auth:introspection"),
  "cloudbase-auth:refresh": channel("cloudbase-auth:refresh"),
  "cloudbase-auth:revocation": channel("cloudbase-auth:revocation"),
  "cloudbase-auth:upstream_request": channel("cloudbase-auth:upstream_request"),
};

/**
 * Publishes an event if anybody listens; nothing is built if not.
 *
 * What a subscriber throws does not come here: Node reports it as an uncaught exception on the next tick.
 */
export function tell<N extends Name>(name: N, event: () => DiagnosticsEvents[N]): void {
  const open = channels[name];
  if (open.hasSubscribers) open.publish(Object.freeze(event()));
}
