import { parseSetCookie } from "cookie";
import type { AuthRequest } from "@cloudbase-auth/core";

/** As much of a browser as cookies need: it keeps those of one host. */
export interface Browser {
  /** By name. */
  readonly jar: Map<string, string>;
  /** Takes `Set-Cookie` values over; `undefined` is an answer without any. */
  readonly take: (cookies: readonly string[] | undefined) => void;
  readonly cookieHeader: () => string;
  /** A request with the cookies, as `GET` unless other parts are given. */
  readonly request: (parts?: Partial<AuthRequest>) => AuthRequest;
  /** Another one with the same cookies. */
  readonly copy: () => Browser;
}

export function createBrowser(cookies: Iterable<readonly [string, string]> = []): Browser {
  const jar = new Map(cookies);
  const cookieHeader = (): string => [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  return {
    jar,
    take(lines = []) {
      for (const line of lines) {
        const { name, value = "", maxAge } = parseSetCookie(line, { decode: (text) => text });
        if (maxAge === 0) jar.delete(name);
        else jar.set(name, value);
      }
    },
    cookieHeader,
    request: ({ headers, ...parts } = {}) => ({
      method: "GET",
      ...parts,
      headers: { ...(jar.size > 0 && { cookie: cookieHeader() }), ...headers },
    }),
    copy: () => createBrowser(jar),
  };
}
