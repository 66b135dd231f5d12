import { readFileSync, readdirSync } from "node:fs";
import { extname, join } from "node:path";

/** A file as it is answered. */
export interface PageFile {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const folder = join(import.meta.dirname, "public");

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** The addresses of the page; each is `index.html`, and `main.js` shows what belongs there. */
export const pagePaths = [
  ...["/", "/signin", "/signup", "/reset"],
  ...["/profile", "/password", "/providers", "/sessions", "/leave"],
];

const securityHeaders = {
  // Scripts and styles from here alone, none within the page. Forms are sent by script or not at all, so that no
  // browser ever puts a password into an address. Pictures as data: are the captcha's.
  "Content-Security-Policy": [
    ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self' data:"],
    ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"],
  ].join("; "),
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
  "Referrer-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
};

/**
 * All that the page is made of, by path. It is read once, so no request ever names a file: what is not in this table is
 * not there.
 */
export function readPage(framework: string): ReadonlyMap<string, PageFile> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => extname(name) in types);
  const files = new Map(names.map((name) => [`/${name.replaceAll("\\", "/")}`, fileOf(name)]));
  const html = readFileSync(join(folder, "index.html"), "utf8");
  const index: PageFile = {
    // no-store: the back button asks again who is signed in, and never shows what somebody else has left.
    headers: { ...securityHeaders, "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" },
    body: Buffer.from(fill(html, { framework, ...whatThePageIsTold() })),
  };
  files.delete("/index.html");
  for (const path of pagePaths) files.set(path, index);
  return files;
}

function fileOf(name: string): PageFile {
  const type = types[extname(name)] ?? "application/octet-stream";
  return {
    headers: { ...securityHeaders, "Content-Type": type, "Cache-Control": "no-cache" },
    body: readFileSync(join(folder, name)),
  };
}

/** Where the emulator shows the codes that it "sends", and the third parties to sign in with. */
function whatThePageIsTold(): Readonly<Record<string, string>> {
  const { CLOUDBASE_AUTH_ENDPOINT: endpoint = "", SIGN_IN_PROVIDERS: providers = "" } = process.env;
  const isEmulator = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::|$)/.test(endpoint);
  return { providers, inbox: isEmulator ? `${endpoint}/emulator/inbox` : "" };
}

function fill(html: string, values: Readonly<Record<string, string>>): string {
  return html.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => escapeAttribute(values[name] ?? ""));
}

function escapeAttribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
