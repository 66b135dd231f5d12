import fc from "fast-check";

/** A request as bytes, and what must come of it. */
export interface FuzzedRequest {
  readonly method: string;
  readonly target: string;
  /** Whole header lines, latin1. */
  readonly lines: readonly string[];
  readonly body: string;
  /** Whether a good token is presented in the one way allowed: it must be accepted. */
  readonly isGood: boolean;
}

export interface TokenPools {
  /** Tokens that are good. */
  readonly good: readonly string[];
  /** Really signed, and still no good; or good, and odd. */
  readonly odd: readonly string[];
}

export const ordinaryMethods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"];
const oddMethods = ["PROPFIND", "SEARCH", "LINK", "M-SEARCH", "PURGE", "CONNECT", "get", "FOO", "G ET", "__proto__"];

/** Requests with and without tokens: ordinary, nearly right, and hostile. */
export function arbitraryRequest(pools: TokenPools): fc.Arbitrary<FuzzedRequest> {
  const good = fc.constantFrom(...pools.good);
  const anyToken = fc.oneof({ weight: 1, arbitrary: good }, { weight: 8, arbitrary: mutatedToken(pools) });
  const credentials = fc.oneof(
    { weight: 6, arbitrary: anyToken.map((token) => [`Authorization: Bearer ${token}`]) },
    { weight: 3, arbitrary: fc.tuple(scheme, anyToken, tail).map(([start, token, end]) => [start + token + end]) },
    {
      weight: 1,
      arbitrary: fc.tuple(anyToken, anyToken).map((pair) => pair.map((it) => `Authorization: Bearer ${it}`)),
    },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }).map((text) => [`Authorization: ${text}`]) },
    { weight: 1, arbitrary: fc.constant([]) },
  );
  const hostile = fc.record({
    method: fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...ordinaryMethods) },
      { weight: 1, arbitrary: fc.constantFrom(...oddMethods) },
    ),
    target: fc.oneof({ weight: 3, arbitrary: fc.constant("/me") }, { weight: 2, arbitrary: target(anyToken) }),
    lines: fc.tuple(credentials, hostileLines).map(([presented, more]) => [...presented, ...more].map(toLatin1)),
    body: fc.constantFrom("", "", "access_token=x", '{"access_token":"x","__proto__":{"x":1}}', "\0\xff"),
    isGood: fc.constant(false),
  });
  const ordinary = fc.record({
    method: fc.constantFrom(...ordinaryMethods),
    target: fc.constantFrom("/me", "/me?q=1", "/open"),
    lines: fc
      .tuple(fc.constantFrom("Bearer", "bearer", "BEARER"), good, harmlessLines)
      .map(([name, token, more]) => [`Authorization: ${name} ${token}`, ...more]),
    body: fc.constant(""),
    isGood: fc.constant(true),
  });
  return fc.oneof({ weight: 9, arbitrary: hostile }, { weight: 1, arbitrary: ordinary });
}

/** Without its Content-Length a body would be the next request. */
export function formatRequest({ method, target, lines, body }: FuzzedRequest): Buffer {
  const length = body === "" ? [] : [`Content-Length: ${String(body.length)}`];
  const head = [`${method} ${toLatin1(target)} HTTP/1.1`, "Host: contract.test", ...lines, ...length];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`, "latin1");
}

function toLatin1(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

const scheme = fc.constantFrom(
  ...["Authorization: Bearer  ", "Authorization: Bearer\t", "Authorization:Bearer ", "authorization: bEARER "],
  ...["Authorization: DPoP ", "Authorization: Basic ", "Authorization: ", "Authorization : Bearer ", "Cookie: token="],
  ...["Proxy-Authorization: Bearer ", "Authorization: Bearer Bearer ", 'Authorization: Bearer "', "Authorization\t:"],
);
const tail = fc.constantFrom("", " ", "\t", ",", "=", "==", '"', " x", ", Basic eA==", "\0", "\r", "\u00e9", ";a=b");

const lineOf = fc.constantFrom(
  ...["__proto__: x", "constructor: y", "prototype: z", "toString: 1", "hasOwnProperty: 1", "Cookie: __proto__=1; a"],
  ...["Cookie: constructor=1", "Content-Type: application/json", "Content-Type: application/x-www-form-urlencoded"],
  ...[
    "Content-Type: \0",
    "Content-Type: a/b; charset=",
    "Expect: 100-continue",
    "Expect: nothing",
    "X-Forwarded-For: %",
  ],
  ...["X-Forwarded-Host: a\u00e9", "X-HTTP-Method-Override: OPTIONS", "X-Original-URL: /open", "Origin: null"],
  ...[
    "Access-Control-Request-Method: GET",
    "Upgrade: websocket",
    "Connection: authorization",
    "Accept: */",
    "TE: trailers",
  ],
  ...["Accept-Language: __proto__", "Transfer-Encoding: gzip", "If-None-Match: *", "Range: bytes=9-1", "Host: other"],
  ...["Accept-Encoding: \u00ff", "X-Plant: yes", "Authorization: ", "Authorization", ": x", "a b: c", "Forwarded: =;"],
);
const hostileLines = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 3, arbitrary: fc.array(lineOf, { minLength: 1, maxLength: 4 }) },
);
const harmlessLines = fc.subarray([
  "__proto__: x",
  "constructor: y",
  "Cookie: __proto__=1",
  "Origin: null",
  "Accept: */*",
]);

function target(token: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const name = fc.constantFrom("access_token", "%61ccess_token", "ACCESS_TOKEN", "access_token[]", "__proto__[x]", "a");
  const value = fc.oneof(token, fc.constantFrom("", "x", "%", "%E0%A4%A", "%00", "a&access_token=b", "#"));
  const path = fc.constantFrom("/me", "/open", "/", "/ME", "/me/", "//me", "/me/../open", "/%6de", "/%", "/me%00", "*");
  const query = fc.tuple(name, value).map(([key, text]) => `?${key}=${text}`);
  return fc.oneof(
    fc.tuple(path, query).map((parts) => parts.join("")),
    path,
    fc.constantFrom(
      "http://evil.test/me",
      "/me?",
      "/me?&&&",
      `/${"a".repeat(8_000)}`,
      "/me?__proto__=1",
      "/\u00e9",
      "",
    ),
    fc.string({ maxLength: 12 }).map((text) => `/${text.replaceAll(" ", "")}`),
  );
}

function mutatedToken({ good, odd }: TokenPools): fc.Arbitrary<string> {
  const any = fc.constantFrom(...good, ...odd);
  const edited = fc
    .tuple(any, fc.nat(), fc.constantFrom("replace", "insert", "delete", "double"), fc.constantFrom(...alphabet))
    .map(([token, at, edit, character]) => editToken(token, at % token.length, edit, character));
  const crossed = fc.tuple(any, any, fc.nat({ max: 6 })).map(([a, b, mask]) => {
    const [left, right] = [a.split("."), b.split(".")];
    return left.map((segment, index) => ((mask >> index) & 1 ? (right[index] ?? segment) : segment)).join(".");
  });
  const reheaded = fc.tuple(any, headerText).map(([token, text]) => {
    const [, ...rest] = token.split(".");
    return [Buffer.from(text).toString("base64url"), ...rest].join(".");
  });
  const reclaimed = fc.tuple(any, claimsText).map(([token, text]) => {
    const [header = "", , signature = ""] = token.split(".");
    return [header, Buffer.from(text).toString("base64url"), signature].join(".");
  });
  const cut = fc.tuple(any, fc.nat()).map(([token, at]) => token.slice(0, at % token.length));
  const junk = fc.oneof(
    fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 60 }),
    fc.constantFrom("", ".", "..", "...", "a.b.c", "e30.e30.", "A".repeat(8_192), "A".repeat(8_193), "%E0%A4%A"),
  );
  return fc.oneof(
    ...[edited, crossed, reheaded, reclaimed].map((arbitrary) => ({ weight: 3, arbitrary })),
    ...[cut, junk, fc.constantFrom(...odd)].map((arbitrary) => ({ weight: 2, arbitrary })),
  );
}

const headerText = fc.oneof(
  fc
    .record({
      alg: fc.constantFrom<unknown>("RS256", "rs256", "none", "HS256", "PS256", "ES256", 1, null, ["RS256"]),
      kid: fc.constantFrom<unknown>(
        "a",
        "b",
        "__proto__",
        "constructor",
        "../",
        "",
        1,
        null,
        {},
        ["a"],
        "k".repeat(300),
      ),
      typ: fc.constantFrom<unknown>(undefined, "JWT", "at+jwt", "dpop+jwt", 1),
      crit: fc.constantFrom<unknown>(undefined, undefined, undefined, ["exp"], []),
      jku: fc.constantFrom<unknown>(undefined, undefined, undefined, "http://127.0.0.1:1/"),
    })
    .map((header) => JSON.stringify(header)),
  fc.constantFrom("{", "null", "[]", '"x"', '{"alg":"none","alg":"RS256","kid":"a"}', '{"__proto__":{"alg":"RS256"}}'),
  fc.json({ maxDepth: 3 }),
);
const claimsText = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.constantFrom(
    ...["{}", "null", '{"__proto__":{"x":1}}', '{"constructor":{"prototype":{"x":1}}}', '{"sub":"a","sub":"b"}'],
    ...['{"exp":1e400}', `{"a":${"[".repeat(900)}${"]".repeat(900)}}`, "\ufeff{}", '{"sub":"\ud800"}', '"'],
  ),
);

const alphabet = "ABCXYZabcxyz0189-_.=+/ ~%\t\u00e9".split("");

function editToken(token: string, index: number, edit: string, character: string): string {
  const [before, after] = [token.slice(0, index), token.slice(index)];
  switch (edit) {
    case "replace":
      return before + character + after.slice(1);
    case "insert":
      return before + character + after;
    case "delete":
      return before + after.slice(1);
    default:
      return before + after + after;
  }
}
