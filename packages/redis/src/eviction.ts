import type { Link } from "./link.ts";

/** A Redis that throws entries away to make room is no place for revocations: says so, unless it will not tell. */
export async function warnOfEviction(link: Link): Promise<void> {
  const info = await link.info("memory").catch(() => "");
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
  if (policy === undefined || policy === "noeviction") return;
  const message = `Redis may evict entries (maxmemory-policy ${policy}): revocations would be lost, sessions ended and refresh tokens exchanged twice. Set maxmemory-policy noeviction, or use another Redis for these.`;
  link.warn({ code: "redis_evicts", message });
}
