import dns from "node:dns";
import { isIP } from "node:net";
import { afterEach, expect } from "vitest";

/**
 * Imported for its effect: a test in whose course a host name is looked up fails. The tests speak to 127.0.0.1 alone, so
 * a name means that something is on its way to the real network.
 */
const lookedUp: string[] = [];
const { lookup } = dns;

type Callback = (error: Error | null, address: string, family: number) => void;

dns.lookup = ((hostname: string, options: dns.LookupOptions, callback: Callback): void => {
  // Listening asks for its address too.
  if (isIP(hostname) !== 0 || hostname === "localhost") {
    Reflect.apply(lookup, dns, [hostname, options, callback]);
    return;
  }
  lookedUp.push(hostname);
  const error = Object.assign(new Error("no network in tests"), { code: "ENOTFOUND" });
  queueMicrotask(() => callback(error, "", 0));
}) as typeof lookup;

afterEach(() => expect(lookedUp.splice(0)).toEqual([]));
