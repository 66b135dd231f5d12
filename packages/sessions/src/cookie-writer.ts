import { stringifySetCookie } from "cookie";

/** What all cookies of one purpose have in common. */
export interface CookieAttributes {
  readonly secure: boolean;
  readonly sameSite: "lax" | "strict";
}

/** Writes `Set-Cookie` values (RFC 6265 §4.1): for the whole host and for no other, and out of reach of JavaScript. */
export interface CookieWriter {
  readonly set: (name: string, value: string, maxAgeSeconds: number) => string;
  /** With the same attributes, or browsers would keep it. */
  readonly expire: (name: string) => string;
}

export function createCookieWriter({ secure, sameSite }: CookieAttributes): CookieWriter {
  const attributes = { path: "/", httpOnly: true, secure, sameSite };
  const encode = (value: string): string => value;
  return {
    set: (name, value, maxAge) => stringifySetCookie({ name, value, maxAge, ...attributes }, { encode }),
    expire: (name) =>
      stringifySetCookie({ name, value: "", maxAge: 0, expires: new Date(0), ...attributes }, { encode }),
  };
}
