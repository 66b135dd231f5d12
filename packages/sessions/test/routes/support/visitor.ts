import type { SessionRequest, Sessions } from "@cloudbase-auth/core";
import { expect } from "vitest";
import { createBrowser } from "../../support/browser.ts";
import type { Browser } from "../../support/browser.ts";
import { anyOf } from "./matchers.ts";

/** An answer as a test looks at it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly cookies: readonly string[];
  readonly text: string | undefined;
  /** The body parsed; `undefined` without one. */
  readonly json: unknown;
}

export type Send = (method: string, path: string, body?: unknown, parts?: Partial<SessionRequest>) => Promise<Answer>;

/** A browser that looks at a page of the application. */
export interface Visitor {
  readonly browser: Browser;
  readonly send: Send;
  readonly get: (path: string, parts?: Partial<SessionRequest>) => Promise<Answer>;
  readonly post: (path: string, body?: unknown, parts?: Partial<SessionRequest>) => Promise<Answer>;
  /** The same with this one's cookies of now. */
  readonly copy: () => Visitor;
}

const ownPage = { "sec-fetch-site": "same-origin", "content-type": "application/json" };
/** What nobody but the server may see, in a form that can be told: tokens, and what tests have as secrets. */
export const secretForms = /eyJ[\w-]{10,}|Sentinel/;

export function createVisitor(sessions: Sessions, browser = createBrowser(), keepsSecrets = true): Visitor {
  const send: Send = async (method, path, body, { headers, ...parts } = {}) => {
    const [pathname = "", query = ""] = path.split("?");
    const text = body === undefined || body === null || typeof body === "string" ? body : JSON.stringify(body);
    const request = browser.request({ method, headers: { ...ownPage, ...headers } });
    const answer = await sessions.answer({
      ...{ ...request, method, mount: "/auth", path: pathname, query, body: text, ip: "203.0.113.7" },
      ...parts,
    });
    const { "Set-Cookie": setCookie = [], ...others } = answer.headers;
    const cookies = typeof setCookie === "string" ? [setCookie] : setCookie;
    browser.take(cookies);
    expectGoodForm(answer, cookies);
    if (keepsSecrets) expect(`${answer.body ?? ""}${JSON.stringify(others)}`).not.toMatch(secretForms);
    const json: unknown = answer.body === undefined ? undefined : JSON.parse(answer.body);
    return { status: answer.status, headers: answer.headers, cookies, text: answer.body, json };
  };
  return {
    ...{ browser, send },
    get: (path, parts) => send("GET", path, undefined, parts),
    post: (path, body, parts) => send("POST", path, body, parts),
    copy: () => createVisitor(sessions, browser.copy(), keepsSecrets),
  };
}

/** What holds for every answer. */
function expectGoodForm(
  { status, headers, body }: Awaited<ReturnType<Sessions["answer"]>>,
  cookies: readonly string[],
) {
  expect(headers["Cache-Control"]).toBe("no-store");
  expect(headers["Vary"]).toMatch(/^(Cookie|Authorization)\b/);
  const names = cookies.map((line) => line.slice(0, line.indexOf("=")));
  expect(new Set(names).size).toBe(names.length);
  for (const line of cookies) expect(line).toMatch(/^__Host-[\w.-]+=[^;]*;.*Secure/);
  for (const line of cookies) expect(line).not.toMatch(/Sentinel/);
  if (status >= 400 && body !== undefined) {
    expect(headers["Content-Type"]).toBe("application/problem+json");
    expect(JSON.parse(body)).toMatchObject({ status, code: anyOf(String), detail: anyOf(String) });
  }
}
