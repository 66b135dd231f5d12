import type { Auth, CloudbaseUser } from "@cloudbase-auth/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bearerCases } from "./cases/bearer-cases.ts";
import type { ContractCase } from "./cases/case.ts";
import { bearer } from "./cases/case.ts";
import { challengeFaults } from "./challenge-faults.ts";
import { requirementCases } from "./cases/requirement-cases.ts";
import { rfc6750Cases } from "./cases/rfc6750-cases.ts";
import { tokenCases } from "./cases/token-cases.ts";
import { stateCases } from "./cases/state-cases.ts";
import { transportCases } from "./cases/transport-cases.ts";
import { contractRoutes, sightOf } from "./contract-app.ts";
import type { RunningServer, Sight, StartServer } from "./contract-app.ts";
import type { Expected, Refusal } from "./expectations.ts";
import { runLanguages } from "./run-languages.ts";
import { exchange } from "./wire.ts";
import type { WireResponse } from "./wire.ts";
import { createWorld } from "./world.ts";
import type { World } from "./world.ts";

/** The whole table. */
export const contractCases: readonly ContractCase[] = [
  ...rfc6750Cases,
  ...bearerCases,
  ...tokenCases,
  ...requirementCases,
  ...stateCases,
  ...transportCases,
];

interface Stage {
  readonly server: RunningServer;
  /** What the handlers saw since it was emptied last. */
  readonly seen: { readonly user: CloudbaseUser | undefined; readonly auth: Auth | undefined; readonly sight: Sight }[];
}

/** Declares the tests that an adapter has to pass, over real sockets, on one version of its framework. */
export function runContract(name: string, startServer: StartServer): void {
  describe(name, () => {
    let world: World;
    const stages = new Map<string, Stage>();

    beforeAll(async () => {
      world = await createWorld();
      for (const authApi of ["reachable", "unreachable", "keySetOnly"] as const) {
        for (const problemDetails of [true, false]) {
          const seen: Stage["seen"] = [];
          const server = await startServer({
            auth: world[authApi],
            routes: contractRoutes,
            problemDetails,
            see(user, auth) {
              const sight = sightOf(user, auth);
              seen.push({ user, auth, sight });
              return sight;
            },
          });
          stages.set(stageName(authApi, problemDetails), { server, seen });
        }
      }
    });

    afterAll(async () => {
      await Promise.all([...stages.values()].map(({ server }) => server.close()));
      await world.close();
    });

    function stageOf(authApi: ContractCase["authApi"], problemDetails: boolean): Stage {
      const stage = stages.get(stageName(authApi ?? "reachable", problemDetails));
      if (stage === undefined) throw new Error("the stage was not set");
      stage.seen.length = 0;
      return stage;
    }

    describe("with problemDetails()", () => {
      test.for(contractCases)("$title", async ({ request, authApi, expected }) => {
        const { server, seen } = stageOf(authApi, true);
        const asked = await request(world);
        const answer = await exchange(server.port, asked);
        checkAnswer(answer, expected, asked.method === "HEAD");
        expect(seen.map(({ sight }) => sight)).toEqual(expected.kind === "handled" ? [expected.sight] : []);
      });
    });

    describe("with the framework's own error handling", () => {
      test.for(contractCases.filter(({ expected }) => expected.kind === "refused"))(
        "$title",
        async ({ request, authApi, expected }) => {
          const { server, seen } = stageOf(authApi, false);
          const answer = await exchange(server.port, await request(world));
          if (expected.kind === "refused") checkStatusAndHeaders(answer, expected.refusal);
          expect(seen).toEqual([]);
        },
      );
    });

    describe("in the language of the request", () => runLanguages(startServer));

    test("what handlers get is deeply frozen and shows no token (habit 3, CVE-2026-35039)", async () => {
      const { server, seen } = stageOf("reachable", true);
      const token = await world.token({ groups: ["admins"], meta: { list: [1] } });
      await exchange(server.port, { lines: [bearer(token)] });
      const [first] = seen;
      const auth = first?.auth;
      if (auth?.state !== "authenticated") throw new Error("not authenticated");
      expect(openParts(first?.user), "user").toEqual([]);
      expect(openParts(auth), "auth").toEqual([]);
      expect(auth.token).toBe(token);
      expect(Object.keys(auth)).not.toContain("token");
      expect(JSON.stringify(auth)).not.toContain(token);
      expect(JSON.stringify({ ...auth })).not.toContain(token);
    });

    test("fifty users at once, each seen as themselves (CVE-2025-67490)", async () => {
      const { server, seen } = stageOf("reachable", true);
      const users = Array.from({ length: 50 }, (_, index) => `user-${index}`);
      const tokens = await Promise.all(users.map((sub) => world.token({ sub })));
      const rounds = [0, 1].flatMap(() => users.map((sub, index) => ({ sub, token: tokens[index] ?? "" })));
      const answers = await Promise.all(
        rounds.map(async ({ sub, token }) => {
          const { status, body } = await exchange(server.port, { lines: [bearer(token)] });
          return { sub, status, user: (JSON.parse(body) as Sight).user };
        }),
      );
      expect(answers).toEqual(rounds.map(({ sub }) => ({ sub, status: 200, user: sub })));
      expect(seen).toHaveLength(rounds.length);
    });
  });
}

function stageName(authApi: NonNullable<ContractCase["authApi"]>, problemDetails: boolean): string {
  return `${authApi}, ${problemDetails ? "problem details" : "default"}`;
}

function checkAnswer(answer: WireResponse, expected: Expected, isHead: boolean): void {
  switch (expected.kind) {
    case "handled":
      expect(answer.status).toBe(200);
      expect(valuesOf(answer, "www-authenticate")).toEqual([]);
      expect(answer.body).toBe(isHead ? "" : JSON.stringify(expected.sight));
      return;
    case "refused":
      checkStatusAndHeaders(answer, expected.refusal);
      checkProblem(answer, expected.refusal, isHead);
      return;
    case "failed":
      // The body is the framework's own.
      expect(answer.status).toBe(500);
      expect(valuesOf(answer, "www-authenticate")).toEqual([]);
      return;
    case "not HTTP":
      expect(answer.status).toBe(400);
      expect(valuesOf(answer, "www-authenticate")).toEqual([]);
  }
}

function checkStatusAndHeaders(answer: WireResponse, refusal: Refusal): void {
  expect(answer.status).toBe(refusal.status);
  expect(valuesOf(answer, "www-authenticate")).toEqual(refusal.challenge === undefined ? [] : [refusal.challenge]);
  for (const challenge of valuesOf(answer, "www-authenticate")) expect(challengeFaults(challenge)).toEqual([]);
  const retryAfter = valuesOf(answer, "retry-after");
  expect(retryAfter).toHaveLength(refusal.retryAfter ? 1 : 0);
  for (const value of retryAfter) expect(value).toMatch(/^[1-9]\d*$/);
}

/** RFC 9457 §3: these members and these headers, and no others. */
function checkProblem(answer: WireResponse, refusal: Refusal, isHead: boolean): void {
  const { title, detail, code } = refusal.body;
  const body = JSON.stringify({
    type: `urn:cloudbase-auth:error:${code}`,
    title,
    status: refusal.status,
    detail,
    code,
  });
  expect(answer.body).toBe(isHead ? "" : body);
  expect(valuesOf(answer, "content-type")).toEqual(["application/problem+json"]);
  expect(valuesOf(answer, "content-language")).toEqual(["en"]);
  expect(valuesOf(answer, "content-length")).toEqual([String(Buffer.byteLength(body))]);
  const own = answer.headers.map(([name]) => name).filter((name) => !frameworkHeaders.has(name));
  const challenge = refusal.challenge === undefined ? [] : ["www-authenticate"];
  const retryAfter = refusal.retryAfter ? ["retry-after"] : [];
  expect(own.toSorted()).toEqual(["content-language", "content-length", "content-type", ...retryAfter, ...challenge]);
}

const frameworkHeaders = new Set(["connection", "date", "x-powered-by"]);

function valuesOf(answer: WireResponse, name: string): string[] {
  return answer.headers.filter(([candidate]) => candidate === name).map(([, value]) => value);
}

/** Paths of the objects that are not frozen. */
function openParts(value: unknown, path = "."): string[] {
  if (typeof value !== "object" || value === null) return [];
  const own = Object.isFrozen(value) ? [] : [path];
  return [...own, ...Object.entries(value).flatMap(([name, part]) => openParts(part, `${path}/${name}`))];
}
