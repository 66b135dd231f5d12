import type { CookieOptions, SessionsOptions } from "./options.ts";

/** All options of {@link createSessions}, checked and complete. */
export interface Settings {
  readonly secrets: readonly string[];
  readonly origin: string;
  /** Those whose pages may send what changes something: the own one and the trusted ones. */
  readonly origins: ReadonlySet<string>;
  readonly cookiePrefix: string;
  readonly secure: boolean;
  readonly idleMs: number;
  readonly absoluteMs: number;
  readonly sameSite: "lax" | "strict";
  readonly mode: "session" | "tokens";
  readonly now: () => number;
}

const optionNames: readonly string[] = [
  ...(["auth", "secret", "origin", "store", "limiter", "limits", "cookie", "idleSeconds", "absoluteSeconds"] as const),
  ...(["sameSite", "mode", "trustedOrigins", "now"] as const),
] satisfies (keyof SessionsOptions)[];
const storeCalls = ["create", "load", "replace", "delete", "list", "deleteAll"];

/** @throws TypeError naming the option and the fix */
export function parseSettings(
  options: SessionsOptions,
  variables: { readonly NODE_ENV?: string | undefined },
): Settings {
  if (typeof options !== "object" || options === null) {
    throw new TypeError("createSessions() needs an object with auth, secret and origin");
  }
  const unknown = Object.keys(options).find((name) => !optionNames.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`option ${unknown} is not known; the options are ${optionNames.join(", ")}`);
  }
  const { auth, store, limiter, now = Date.now } = options;
  needCalls(auth, ["authenticate", "authenticatePresented", "refresh"], "auth", "createCloudbaseAuth()");
  if (store !== undefined) needCalls(store, storeCalls, "store", "createMemorySessionStore()");
  if (limiter !== undefined)
    needCalls(limiter, ["count", "forget"], "limiter", "a rate limiter of @cloudbase-auth/redis");
  if (typeof now !== "function") throw new TypeError("option now must be a function");
  const origin = parseOrigin(options.origin, variables.NODE_ENV === "production");
  const secure = origin.startsWith("https:");
  const absoluteSeconds = parseSeconds(options.absoluteSeconds ?? 2_592_000, "absoluteSeconds");
  return {
    secrets: parseSecrets(options.secret),
    ...{ origin, secure, now },
    origins: new Set([origin, ...parseTrusted(options.trustedOrigins)]),
    cookiePrefix: parseCookie(options.cookie, secure),
    idleMs: parseSeconds(options.idleSeconds ?? Math.min(604_800, absoluteSeconds), "idleSeconds") * 1_000,
    absoluteMs: absoluteSeconds * 1_000,
    sameSite: parseWord(options.sameSite ?? "lax", ["lax", "strict"], "sameSite"),
    mode: parseWord(options.mode ?? "session", ["session", "tokens"], "mode"),
  };
}

const makeSecret = "use what `openssl rand -base64 32` prints, from a variable such as SESSION_SECRET";

function parseSecrets(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) throw new TypeError(`option secret must have at least one secret; ${makeSecret}`);
  const secrets = list.map((secret) => {
    if (typeof secret !== "string" || secret.length < 32) {
      throw new TypeError(`option secret must be at least 32 characters long; ${makeSecret}`);
    }
    // Sixteen hexadecimal digits are the fewest that anybody would make at random.
    if (new Set(secret).size < 8) throw new TypeError(`option secret can be guessed; ${makeSecret}`);
    return secret;
  });
  if (new Set(secrets).size < secrets.length) throw new TypeError("option secret has one twice; leave one of them out");
  return secrets;
}

function parseOrigin(value: unknown, inProduction: boolean): string {
  const example = 'such as "https://app.example"';
  if (typeof value !== "string" || !URL.canParse(value)) {
    throw new TypeError(`option origin must be the public origin of the application, ${example}`);
  }
  const { origin, protocol, hostname } = new URL(value);
  if (origin !== value || (protocol !== "https:" && protocol !== "http:")) {
    throw new TypeError(`option origin must be an origin and nothing else, as browsers write it, ${example}`);
  }
  if (protocol === "https:") return origin;
  if (!isLoopback(hostname)) {
    throw new TypeError(`option origin is plain http outside of loopback; browsers must come by https, ${example}`);
  }
  if (inProduction) {
    throw new TypeError(
      `option origin is plain http while NODE_ENV is production; set it to the public one, ${example}`,
    );
  }
  return origin;
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function parseTrusted(value: readonly string[] = []): readonly string[] {
  const list: unknown = value;
  const isOrigin = (entry: unknown): boolean =>
    typeof entry === "string" && URL.canParse(entry) && /^https?:/.test(entry) && new URL(entry).origin === entry;
  if (!Array.isArray(list) || !list.every(isOrigin)) {
    throw new TypeError('option trustedOrigins must be an array of origins such as ["https://admin.example"]');
  }
  return value;
}

function parseCookie(options: CookieOptions = {}, secure: boolean): string {
  const { name = "cb", prefix = "__Host-", ...rest } = options;
  const [surplus] = Object.keys(rest);
  if (surplus !== undefined) throw new TypeError(`option cookie.${surplus} is not known; there are name and prefix`);
  if (typeof name !== "string" || !/^[A-Za-z0-9][\w-]{0,31}$/.test(name)) {
    throw new TypeError('option cookie.name must be 1 to 32 of A-Z a-z 0-9 _ and -, such as "cb"');
  }
  parseWord(prefix, ["__Host-", "__Host-Http-"], "cookie.prefix");
  return secure ? prefix + name : name;
}

function parseSeconds(value: number, name: string): number {
  if (Number.isSafeInteger(value) && value >= 60 && value <= 34_560_000) return value;
  // Browsers keep no cookie for longer than that (RFC 6265bis §5.5).
  throw new TypeError(`option ${name} must be a whole number of seconds from 60 to 34560000, 400 days`);
}

function parseWord<Word extends string>(value: Word, words: readonly Word[], name: string): Word {
  if (words.includes(value)) return value;
  throw new TypeError(`option ${name} must be "${words.join('" or "')}"`);
}

function needCalls(value: unknown, calls: readonly string[], name: string, example: string): void {
  const isObject = typeof value === "object" && value !== null;
  if (isObject && calls.every((call) => typeof Reflect.get(value, call) === "function")) return;
  throw new TypeError(`option ${name} must be what ${example} gives`);
}
