import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { createReturnTo } from "../src/return-to.ts";

const origin = "https://app.example";
const returnTo = createReturnTo(origin);

describe("BF-15 return_to: no open redirector (RFC 9700 §4.11)", () => {
  it.each([
    ["/", "/"],
    ["/orders/7?tab=2#total", "/orders/7?tab=2#total"],
    ["/a/../b", "/b"],
    ["/%2F%2Felsewhere.example", "/%2F%2Felsewhere.example"],
    ["/?next=https://elsewhere.example", "/?next=https://elsewhere.example"],
    ["/订单", "/%E8%AE%A2%E5%8D%95"],
    ["/@elsewhere.example", "/@elsewhere.example"],
  ])("%j leads to %j", (text, path) => {
    expect(returnTo(text)).toBe(path);
  });

  it.each([
    ...[
      "",
      "orders",
      "?a",
      "#a",
      "//elsewhere.example",
      "///elsewhere.example",
      "/\\elsewhere.example",
      "\\/elsewhere.example",
    ],
    ...[
      "https://elsewhere.example",
      "https://app.example/",
      "https:elsewhere.example",
      "javascript:alert(1)",
      "/\tx",
      "/\n/x",
    ],
    ...[
      "/\t/elsewhere.example",
      " /",
      "/ x",
      "/x\u0000",
      "/x\u0085y",
      "/a\\b",
      "/x\r\nSet-Cookie: a=b",
      "/\u00a0\u0085",
    ],
    // Dot segments make another path of it after it was judged.
    ...[
      "/.//elsewhere.example",
      "/..//elsewhere.example",
      "/a/..//elsewhere.example",
      "/%2e//elsewhere.example",
      "/%2E%2e//elsewhere.example",
    ],
    ...[`/${"a".repeat(2_048)}`, `/${"订".repeat(300)}`],
  ])("%j leads nowhere", (text) => {
    expect(returnTo(text)).toBeUndefined();
  });

  it.each([[undefined], [null], [7], [["/"]], [{ path: "/" }]])("%j, which is no text, leads nowhere", (value) => {
    expect(returnTo(value)).toBeUndefined();
  });

  const hosts = [
    "elsewhere.example",
    "app.example.elsewhere.example",
    "app.example@elsewhere.example",
    "2130706433",
    "[::1]",
    "elsewhere。example",
  ];
  const schemes = [
    "",
    "https:",
    "http:",
    "HTTPS:",
    "javascript:",
    "data:",
    "ftp:",
    "https:/",
    "//",
    "%2f%2f",
    "view-source:",
  ];
  const starts = [
    "",
    "/",
    "//",
    "///",
    "/\\",
    "\\\\",
    "\\/",
    "/./",
    "/../",
    "/.//",
    "/..//",
    "/%2e/",
    "/%2e%2e//",
    "/;/",
    "/\t/",
    "/\n/",
    "/%09/",
    "/%5c",
    "/ ",
    " //",
    "\u0000//",
    "\ufeff//",
    "/\u00ad/",
    "/a/..//",
    "/?//",
    "/#//",
    "/@",
    "/:",
  ];

  it("the corpus, as it is and decoded once and twice: 0 off the origin", () => {
    const corpus = starts.flatMap((start) => schemes.flatMap((scheme) => hosts.map((host) => start + scheme + host)));
    const decodings = corpus.flatMap((text) => [text, decode(text), decode(decode(text))]);
    expect(decodings.length).toBeGreaterThan(3 * 1_186);
    let taken = 0;
    for (const text of decodings) taken += staysHome(text) ? 1 : 0;
    expect(taken).toBeGreaterThan(100);
  });

  it("whatever is put together of what redirectors fell for: 0 off the origin", () => {
    const pieces = fc.constantFrom(
      "/",
      "\\",
      ".",
      "..",
      "%2e",
      "%2f",
      "%5c",
      ":",
      "@",
      "?",
      "#",
      "\t",
      "\n",
      " ",
      "elsewhere.example",
      "https:",
      "a",
      "%",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        staysHome(`/${parts.join("")}`);
      }),
      { seed: 7, numRuns: 5_000 },
    );
  });
});

/** Follows what comes out as a browser does. @returns whether anything came out */
function staysHome(text: string): boolean {
  const path = returnTo(text);
  if (path === undefined) return false;
  expect(new URL(path, `${origin}/auth/callback`).origin, text).toBe(origin);
  expect(path, text).toMatch(/^\/(?!\/)[\x21-\x7e]*$/);
  expect(returnTo(path), text).toBe(path);
  return true;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
