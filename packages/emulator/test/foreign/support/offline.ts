import dns from "node:dns";
import { isIP } from "node:net";
import { afterEach, expect } from "vitest";

/**
 * Imported for its effect: a test in whose course a host name is looked up fails, and names it. The emulator is at
 * 127.0.0.1, so a name means that something is on its way to the real network.
 */
const names: string[] = [];
const { lookup } = dns;

type Callback = (error: Error | null, address: string, family: number) => void;

dns.lookup = ((hostname: string, options: dns.LookupOptions, callback: Callback): void => {
  // Listening asks for its address too.
  if (isIP(hostname) !== 0) {
    Reflect.apply(lookup, dns, [hostname, options, callback]);
    return;
  }
  names.push(hostname);
  const error = Object.assign(new Error(`no network in tests: ${hostname}`), { code: "ENOTFOUND" });
  queueMicrotask(() => callback(error, "", 0));
}) as typeof lookup;

// Without it the SDK asks metadata.tencentyun.com before its requests whether it runs in Tencent Cloud.
process.env["TENCENTCLOUD"] = "true";

afterEach(() => expect(lookedUp()).toEqual([]));

/** The names that were looked up since the last time, for the test that expects one. */
export const lookedUp = (): string[] => names.splice(0);

/** What keeps a process alive and is on a network. */
export function openSockets(): readonly string[] {
  return process.getActiveResourcesInfo().filter((name) => /^(?:TCP|TLS|UDP|GetAddrInfo)/.test(name));
}

/** Before the first test. */
export const openAtStart = openSockets();
