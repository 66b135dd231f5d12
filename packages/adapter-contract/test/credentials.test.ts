import { createCloudbaseAuth, fromCookie, fromForm, fromHeader, fromQuery } from "@cloudbase-auth/core";
import type { CloudbaseAuth } from "@cloudbase-auth/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningServer } from "../src/contract-app.ts";
import { exchange } from "../src/wire.ts";
import type { WireRequest } from "../src/wire.ts";
import { createWorld, person } from "../src/world.ts";
import type { World } from "../src/world.ts";
import { credentialsApps } from "./support/credentials-apps.ts";

const formType = "Content-Type: application/x-www-form-urlencoded";
const fromElsewhere = ["Origin: https://evil.example", "Sec-Fetch-Site: cross-site"];

/** What comes back: the status, the `code`, whether it says `no-store`, and the challenge's `error`. */
interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly noStore?: true;
  /** `"none"` for a challenge without `error` (RFC 6750 §3.1); left out where there is no challenge. */
  readonly challenge?: string;
}

const handled: Answer = { status: 200 };
const missing: Answer = { status: 401, code: "missing_token", challenge: "none" };
const invalid: Answer = { status: 401, code: "invalid_token", challenge: "invalid_token" };
const malformed: Answer = { status: 400, code: "invalid_request", challenge: "invalid_request" };
const csrf: Answer = { status: 403, code: "csrf" };

/** RFC 6750 §2, and §5.3 for the cookie. `good` is a person's token, `anonymous` that of nobody in particular. */
const cases: readonly {
  readonly title: string;
  readonly request: (good: string, anonymous: string) => WireRequest;
  readonly expected: Answer;
}[] = [
  { title: "nothing", request: () => ({}), expected: missing },
  { title: "§2.1 the header", request: (good) => ({ lines: [`Authorization: Bearer ${good}`] }), expected: handled },

  {
    title: "§2.3 the query: the answer is not for any cache",
    request: (good) => ({ target: `/me?a=1&access_token=${good}` }),
    expected: { ...handled, noStore: true },
  },
  {
    title: "§2.3 a bad token in the query, neither is that",
    request: () => ({ target: "/me?access_token=abc" }),
    expected: { ...invalid, noStore: true },
  },
  {
    title: "§2.3 an anonymous user's token in the query, nor that",
    request: (_good, anonymous) => ({ target: `/me?access_token=${anonymous}` }),
    expected: { status: 403, code: "anonymous_user", challenge: "insufficient_scope", noStore: true },
  },

  { title: "a cookie", request: (good) => ({ lines: [`Cookie: a=1; sid=${good}`] }), expected: handled },
  {
    title: "a cookie that comes along with a POST of another site",
    request: (good) => ({ method: "POST", lines: [`Cookie: sid=${good}`, ...fromElsewhere] }),
    expected: csrf,
  },
  {
    title: "a cookie that comes along with a POST of a site that was named",
    request: (good) => ({ method: "POST", lines: [`Cookie: sid=${good}`, "Origin: https://app.example"] }),
    expected: handled,
  },
  {
    title: "a header with a POST of another site: nothing came along by itself",
    request: (good) => ({ method: "POST", lines: [`Authorization: Bearer ${good}`, ...fromElsewhere] }),
    expected: handled,
  },

  {
    title: "§2.2 a form",
    request: (good) => ({ method: "POST", lines: [formType], body: `a=1&access_token=${good}` }),
    expected: handled,
  },
  {
    title: "§2.2 a form with a charset, by PUT",
    request: (good) => ({ method: "PUT", lines: [`${formType}; charset=utf-8`], body: `access_token=${good}` }),
    expected: handled,
  },
  {
    title: "§2.2 a bad token in a form",
    request: () => ({ method: "POST", lines: [formType], body: "access_token=abc" }),
    expected: invalid,
  },
  {
    title: "§2.2 a form without it",
    request: () => ({ method: "POST", lines: [formType], body: "other=1" }),
    expected: missing,
  },
  {
    title: "§2.2 a JSON body is no form",
    request: (good) => ({
      method: "POST",
      lines: ["Content-Type: application/json"],
      body: JSON.stringify({ access_token: good }),
    }),
    expected: missing,
  },
  {
    title: "§2.2 twice in a form",
    request: (good) => ({ method: "POST", lines: [formType], body: `access_token=${good}&access_token=${good}` }),
    expected: malformed,
  },

  {
    title: "§2 header and query",
    request: (good) => ({ target: `/me?access_token=${good}`, lines: [`Authorization: Bearer ${good}`] }),
    expected: malformed,
  },
  {
    title: "§2 header and cookie",
    request: (good) => ({ lines: [`Authorization: Bearer ${good}`, `Cookie: sid=${good}`] }),
    expected: malformed,
  },
  {
    title: "§2 header and form",
    request: (good) => ({
      method: "POST",
      lines: [`Authorization: Bearer ${good}`, formType],
      body: `access_token=${good}`,
    }),
    expected: malformed,
  },
  {
    title: "§2 query and form",
    request: (good) => ({
      method: "POST",
      target: `/me?access_token=${good}`,
      lines: [formType],
      body: `access_token=${good}`,
    }),
    expected: malformed,
  },
];

let world: World;
let auth: CloudbaseAuth;
let cutOff: CloudbaseAuth;
beforeAll(async () => {
  world = await createWorld();
  const credentials = [fromHeader(), fromCookie("sid", { origins: ["https://app.example"] }), fromQuery(), fromForm()];
  auth = createCloudbaseAuth({ envId: "demo", endpoint: world.issuer, credentials });
  cutOff = createCloudbaseAuth({
    envId: "demo",
    endpoint: "http://127.0.0.1:1", // nobody listens there
    issuers: world.issuer,
    credentials,
    onWarning: () => {},
  });
});
afterAll(async () => {
  await Promise.all([auth.close(), cutOff.close()]);
  await world.close();
});

describe.each(credentialsApps)("$name", ({ start }) => {
  describe.each([true, false])("problemDetails(): %s", (problemDetails) => {
    let server: RunningServer;
    let cutOffServer: RunningServer;
    beforeAll(async () => {
      server = await start({ auth, problemDetails });
      cutOffServer = await start({ auth: cutOff, problemDetails });
    });
    afterAll(() => Promise.all([server.close(), cutOffServer.close()]));

    async function answerTo(port: number, request: WireRequest): Promise<Answer> {
      const { status, headers, body } = await exchange(port, request);
      const valuesOf = (name: string) => headers.filter(([other]) => other === name).map(([, value]) => value);
      const challenges = valuesOf("www-authenticate");
      expect(challenges.length).toBeLessThanOrEqual(1);
      if (status === 200) expect(JSON.parse(body)).toBe(person);
      const [challenge] = challenges;
      return {
        status,
        ...(problemDetails && status !== 200 && { code: (JSON.parse(body) as { readonly code: string }).code }),
        ...(valuesOf("cache-control").includes("no-store") && { noStore: true as const }),
        ...(challenge !== undefined && { challenge: /error="(\w+)"/.exec(challenge)?.[1] ?? "none" }),
      };
    }

    test.each(cases)("$title", async ({ request, expected }) => {
      const { code, ...others } = expected;
      const answer = await answerTo(server.port, request(await world.token(), world.anonymousToken));
      expect(answer).toEqual(problemDetails && code !== undefined ? expected : others);
    });

    test("a token in the query while nobody can say whether it is good: 503, and not for any cache", async () => {
      const answer = await answerTo(cutOffServer.port, { target: `/me?access_token=${await world.token()}` });
      expect(answer).toEqual({
        status: 503,
        noStore: true,
        ...(problemDetails && { code: "service_unavailable" }),
      });
    });
  });
});
