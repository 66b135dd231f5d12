import { createCloudbaseAuth, fromHeader, fromQuery } from "@cloudbase-auth/core";
import type { CloudbaseAuth } from "@cloudbase-auth/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bearer } from "../src/cases/case.ts";
import { challengeFaults } from "../src/challenge-faults.ts";
import type { RunningServer } from "../src/contract-app.ts";
import { exchange } from "../src/wire.ts";
import type { WireRequest } from "../src/wire.ts";
import { createWorld } from "../src/world.ts";
import type { World } from "../src/world.ts";
import { adapters } from "./support/adapters.ts";

describe("RFC 6750 §3: what every challenge of the contract is held against", () => {
  const challenge =
    'Bearer realm="a b", error="invalid_token", error_description="No, not one; sign in.", scope="a b:c"';

  test.for([challenge, 'Bearer realm="cloudbase"'])("nothing is wrong with %s", (good) => {
    expect(challengeFaults(good)).toEqual([]);
  });

  test.for([
    ["another scheme", 'Basic realm="x"', "the auth-scheme MUST be Bearer, followed by one or more auth-params"],
    ["no auth-param", "Bearer", "the auth-scheme MUST be Bearer, followed by one or more auth-params"],
    ["realm twice", 'Bearer realm="a", realm="a"', "realm MUST NOT appear more than once"],
    ["scope twice", 'Bearer scope="a", error="invalid_token", scope="a"', "scope MUST NOT appear more than once"],
    ["error twice", `${challenge}, error="invalid_token"`, "error MUST NOT appear more than once"],
    [
      "error_description twice",
      `${challenge}, error_description="x"`,
      "error_description MUST NOT appear more than once",
    ],
    ["an error of somebody's own", 'Bearer error="expired"', "error MUST NOT include characters outside of its set"],
    ["a scope with two spaces", 'Bearer scope="a  b"', "scope MUST NOT include characters outside of its set"],
    ["a scope beyond ASCII", 'Bearer scope="é"', "scope MUST NOT include characters outside of its set"],
    [
      "a description in Chinese",
      'Bearer error_description="需要"',
      "error_description MUST NOT include characters outside of its set",
    ],
    ["a quote", 'Bearer error_description="a \\"b\\""', 'not an auth-param: error_description="a \\"b\\""'],
    ["no quotes", "Bearer realm=a", "not an auth-param: realm=a"],
    ["an attribute that is none", 'Bearer user="a"', "no attribute of RFC 6750: user"],
  ] as const)("%s", ([, bad, fault]) => {
    expect(challengeFaults(bad)).toEqual([fault]);
  });
});

describe("where the query is switched on", () => {
  let world: World;
  let auth: CloudbaseAuth;
  const servers = new Map<string, RunningServer>();

  beforeAll(async () => {
    world = await createWorld();
    auth = createCloudbaseAuth({
      ...{ envId: "demo", endpoint: world.issuer },
      credentials: [fromHeader(), fromQuery()],
    });
    for (const { name, start } of adapters) servers.set(name, await start(auth));
  });
  afterAll(async () => {
    for (const server of servers.values()) await server.close();
    await auth.close();
    await world.close();
  });

  describe.each(adapters.map(({ name }) => name))("%s", (name) => {
    async function ask(request: (token: string) => WireRequest) {
      const { status, headers } = await exchange(servers.get(name)?.port ?? 0, request(await world.token()));
      const valueOf = (wanted: string) => headers.find(([header]) => header === wanted)?.[1];
      return { status, cacheControl: valueOf("cache-control"), challenge: valueOf("www-authenticate") };
    }

    test("RFC 6750 §2.3: the parameter is accepted, and the response is kept nowhere (SHOULD be private)", async () => {
      const answer = await ask((token) => ({ target: `/me?access_token=${token}` }));
      expect(answer).toEqual({ status: 200, cacheControl: "no-store", challenge: undefined });
    });

    test("RFC 6750 §2.3: nor is a refusal kept", async () => {
      const answer = await ask(() => ({ target: "/me?access_token=abc" }));
      expect(answer).toMatchObject({ status: 401, cacheControl: "no-store" });
      expect(answer.challenge).toContain('error="invalid_token"');
    });

    test("RFC 6750 §2: it MUST NOT come beside the header", async () => {
      const answer = await ask((token) => ({ target: `/me?access_token=${token}`, lines: [bearer(token)] }));
      expect(answer.status).toBe(400);
      expect(answer.challenge).toContain('error="invalid_request"');
    });

    test("RFC 6750 §3.1: a request that repeats the same parameter is invalid_request", async () => {
      const answer = await ask((token) => ({ target: `/me?access_token=${token}&access_token=${token}` }));
      expect(answer.status).toBe(400);
      expect(answer.challenge).toContain('error="invalid_request"');
    });

    test("RFC 6750 §2.1: the header MUST be supported all the same", async () => {
      expect(await ask((token) => ({ lines: [bearer(token)] }))).toMatchObject({
        status: 200,
        cacheControl: undefined,
      });
    });
  });
});
