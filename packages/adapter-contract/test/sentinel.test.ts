import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { inspect } from "node:util";
import { createCloudbaseAuth, fromCookie, fromHeader, fromQuery } from "@cloudbase-auth/core";
import type { CloudbaseAuthOptions, DiagnosticsEvents } from "@cloudbase-auth/core";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { bearer } from "../src/cases/case.ts";
import type { RunningServer } from "../src/contract-app.ts";
import { exchange } from "../src/wire.ts";
import type { WireRequest } from "../src/wire.ts";
import { adapters } from "./support/adapters.ts";
import { createIssuerKey, envId } from "./support/issuer.ts";
import type { IssuerKey } from "./support/issuer.ts";
import { plainServers } from "./support/plain-servers.ts";
import type { PlainParts } from "./support/plain-servers.ts";
import { startUpstream } from "./support/upstream.ts";
import type { Behaviour } from "./support/upstream.ts";

/** In every secret and every claim; and in no path, so that a stack does not have it. */
const word = "s3nt1nel";
/** In what is no secret, but has no place in an answer. */
const reflected = "r3flected";
const clientSecret = `${word}-client-secret`;
const claims = { name: `${word}-name`, groups: [`${word}-group`], email: `${word}@example.com` };
const names: readonly (keyof DiagnosticsEvents)[] = [
  ...(["authenticated", "rejected", "unavailable", "denied"] as const).map((name) => `cloudbase-auth:${name}` as const),
  ...(["key_set_fetch", "introspection", "upstream_request"] as const).map((name) => `cloudbase-auth:${name}` as const),
];

/** What stands in the place of the Auth API and repeats what it was sent. */
const echo: Behaviour = (request, response) =>
  response
    .writeHead(502, { "content-type": "text/html" })
    .end(`<p>${request.headers.authorization ?? ""} ${request.url}`);
const modes: readonly (readonly [string, Partial<CloudbaseAuthOptions>])[] = [
  ["verified here", { explain: true }],
  ["introspected", { verification: { mode: "introspection" } }],
  ["presented in every way", { credentials: [fromHeader(), fromCookie("at", { origins: [] }), fromQuery()] }],
];

let key: IssuerKey;
let seen: { readonly where: string; readonly text: string }[];

const see = (where: string, text: string): void => void seen.push({ where, text });
const listen = (event: unknown, name: string | symbol): void => see(String(name), inspect(event, { depth: 10 }));

beforeAll(async () => {
  key = await createIssuerKey("key-1");
});
beforeEach(() => {
  seen = [];
  for (const name of names) subscribe(name, listen);
  for (const method of ["log", "info", "warn", "error"] as const) {
    vi.spyOn(console, method).mockImplementation((...said: unknown[]) => see(`console.${method}`, inspect(said)));
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const name of names) unsubscribe(name, listen);
});

/** Every way to be refused or not, with a sentinel in each. */
function presentations(good: string): Readonly<Record<string, Partial<WireRequest>>> {
  const now = Math.floor(Date.now() / 1_000);
  const token = (changes: object, header: object = {}) => key.issue({ ...claims, ...changes }, { ...header });
  return {
    good: { lines: [bearer(good)] },
    expired: { lines: [bearer(token({ iat: now - 200, exp: now - 100 }))] },
    foreign: { lines: [bearer(token({ iss: `https://${word}.example` }))] },
    "for another audience": { lines: [bearer(token({ aud: `${word}-audience` }))] },
    "of an unknown key": { lines: [bearer(token({}, { kid: `${word}-key` }))] },
    forged: { lines: [bearer(`${good.slice(0, -8)}AAAAAAAA`)] },
    opaque: { lines: [bearer(`${word}-opaque`)] },
    "half a token": { lines: [bearer(good.slice(0, 200))] },
    "two in a header": { lines: [bearer(`${word} ${word}`)] },
    "two headers": { lines: [bearer(good), bearer(good)] },
    Basic: { lines: [`Authorization: Basic ${Buffer.from(`a:${word}`).toString("base64")} ${word}`] },
    "in the query": { target: `?access_token=${good}` },
    "in the query and the header": { lines: [bearer(good)], target: `?access_token=${word}` },
    "in a cookie, from elsewhere": { lines: [`Cookie: at=${good}`, `Origin: https://${reflected}.example`] },
    "what else a client may send": {
      target: `?${reflected}=${reflected}`,
      lines: [`X-Request-Id: ${reflected}`, `Accept-Language: ${reflected}`, `X-${reflected}: 1`],
    },
  };
}

/** Of every token its ends: no answer may have a piece of one. */
function piecesOf(token: string): string[] {
  const [, payload = "", signature = ""] = token.split(".");
  return [payload.slice(0, 20), payload.slice(-20), signature.slice(0, 16), signature.slice(-16)];
}

/** Where a sentinel was seen. */
function placesOf(good: string): string[] {
  const wanted = [word, ...piecesOf(good)];
  const places = seen.filter(({ text }) => wanted.some((one) => text.toLowerCase().includes(one.toLowerCase())));
  return [...new Set(places.map(({ where, text }) => `${where}: ${text}`))];
}

const servers = [
  ...adapters.map(({ name, start }) => {
    const startSmall = ({ auth }: PlainParts): Promise<RunningServer> => start(auth);
    return { name: `${name}, problemDetails()`, paths: ["/me"], logs: false, start: startSmall };
  }),
  ...plainServers.map(({ name, start }) => ({
    name,
    paths: ["/admins", "/maybe", "/sign-in", "/"],
    logs: true,
    start,
  })),
];

describe.each(servers)("$name: no secret and no claim is in an answer or a log", ({ paths, logs, start }) => {
  test.for(modes)("%s", async ([, options]) => {
    const upstream = await startUpstream(key);
    upstream.introspection = echo;
    const { endpoint } = upstream;
    const warn = (event: unknown): void => see("a warning", inspect(event, { depth: 10 }));
    const own = { envId, endpoint, clientId: envId, clientSecret, onWarning: warn };
    const auth = createCloudbaseAuth({ ...own, ...options } as CloudbaseAuthOptions);
    const fail = (): Promise<never> =>
      auth.client.signIn({ username: "li", password: `${word}-password` }).then(
        () => Promise.reject(new Error("there is no sign-in")),
        (cause: unknown) => Promise.reject(new Error("nobody can sign in", { cause })),
      );
    const server = await start({ auth, fail, log: (line) => see("the logger", line) });
    const good = key.issue(claims);
    const statuses = new Set<number>();
    for (const [how, request] of Object.entries(presentations(good))) {
      for (const path of paths) {
        const { status, headers, body } = await exchange(server.port, {
          ...request,
          target: path + (request.target ?? ""),
        });
        statuses.add(status);
        see(`${how}, ${path}`, `${inspect(headers)} ${body}`);
        expect(`${inspect(headers)} ${body}`).not.toContain(reflected);
      }
    }
    await server.close();
    await auth.close();
    await upstream.close();
    expect(statuses.size).toBeGreaterThan(1);
    expect(seen.some(({ where }) => /^console|^the logger/.test(where))).toBe(logs);
    expect(placesOf(good)).toEqual([]);
  });
});
