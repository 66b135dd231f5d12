import { describe, expect, it } from "vitest";
import { createCrossSiteCheck, isUnsafe } from "../src/cross-site.ts";

const own = "https://app.example";
const trusted = "https://admin.example";
const isCrossSite = createCrossSiteCheck(new Set([own, trusted]));

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** security.md §5.5, a line each: what the browser says, and whether it passes. */
const matrix: readonly (readonly [headers: Headers, passes: boolean])[] = [
  [{ "sec-fetch-site": "same-origin" }, true],
  [{ "sec-fetch-site": "same-origin", origin: own }, true],
  [{ "sec-fetch-site": "same-site" }, false],
  [{ "sec-fetch-site": "same-site", origin: "https://evil.app.example" }, false],
  [{ "sec-fetch-site": "same-site", origin: trusted }, true],
  [{ "sec-fetch-site": "cross-site" }, false],
  [{ "sec-fetch-site": "cross-site", origin: "https://evil.example" }, false],
  [{ "sec-fetch-site": "cross-site", origin: "null" }, false],
  [{ "sec-fetch-site": "cross-site", origin: trusted }, true],
  [{ "sec-fetch-site": "cross-site", "x-cb-csrf": "1" }, false],
  [{ "sec-fetch-site": "cross-site", referer: `${own}/page` }, false],
  [{ "sec-fetch-site": "none" }, false],
  [{ "sec-fetch-site": "none", "x-cb-csrf": "1" }, true],
  [{ "sec-fetch-site": "none", origin: own }, false],
  [{ "sec-fetch-site": "Same-Origin" }, false],
  [{ "sec-fetch-site": "" }, false],
  [{ "sec-fetch-site": "same-origin, cross-site" }, false],
  [{ "sec-fetch-site": ["same-origin"] }, false],
  [{ origin: own }, true],
  [{ origin: trusted }, true],
  [{ origin: "null" }, false],
  [{ origin: "" }, false],
  [{ origin: "http://app.example" }, false],
  [{ origin: "https://app.example:8443" }, false],
  [{ origin: "https://app.example." }, false],
  [{ origin: "https://app.example/" }, false],
  [{ origin: "https://APP.example" }, false],
  [{ origin: "https://app.example.evil.example" }, false],
  [{ origin: "https://evil.example", "x-cb-csrf": "1" }, false],
  [{ origin: [own, own] }, false],
  [{}, false],
  [{ "x-cb-csrf": "1" }, true],
  [{ "x-cb-csrf": "true" }, false],
  [{ "x-cb-csrf": ["1"] }, false],
  [{ referer: `${own}/page?a=b` }, true],
  [{ referer: "https://app.example.evil.example/" }, false],
  [{ referer: "https://app.example@evil.example/" }, false],
  [{ referer: `https://evil.example/${own}/` }, false],
  [{ referer: "/page" }, false],
  [{ host: "app.example" }, false],
  [{ host: "evil.example", origin: "https://evil.example" }, false],
  [{ "x-forwarded-host": "app.example", origin: "https://evil.example" }, false],
];

describe("BF-09 BF-10 CSRF by Fetch Metadata and Origin (security.md §5.5)", () => {
  it.each(matrix)("POST with %j passes: %s", (headers, passes) => {
    expect(isCrossSite({ method: "POST", headers })).toBe(!passes);
  });

  it.each(["PUT", "PATCH", "DELETE", "CONNECT", "post", "get", "QUERY", "", undefined])(
    "%j may change something",
    (method) => {
      expect(isUnsafe({ method, headers: {} })).toBe(true);
      expect(isCrossSite({ method, headers: { "sec-fetch-site": "cross-site" } })).toBe(true);
      expect(isCrossSite({ method, headers: { "sec-fetch-site": "same-origin" } })).toBe(false);
    },
  );

  it.each(["GET", "HEAD", "OPTIONS", "TRACE"])("%s passes from everywhere", (method) => {
    for (const [headers] of matrix) expect(isCrossSite({ method, headers })).toBe(false);
  });

  it.each(["websocket", "WebSocket", "h2c, websocket"])(
    "GET that asks to become %j may change something",
    (upgrade) => {
      for (const [headers, passes] of matrix) {
        expect(isCrossSite({ method: "GET", headers: { ...headers, upgrade } })).toBe(!passes);
      }
    },
  );

  it.each(["text/plain", "", "application/json\t", "multipart/form-data; boundary=a", "Application/JSON;charset=x"])(
    "the content type %j has no say",
    (type) => {
      const headers = { "content-type": type, "sec-fetch-site": "cross-site" };
      expect(isCrossSite({ method: "POST", headers })).toBe(true);
    },
  );
});
