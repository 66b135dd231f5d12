import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { cloudbaseAuth, describeRoutes, requireUser } from "@cloudbase-auth/express";
import express from "express";
import type { ErrorRequestHandler, Express, Router } from "express";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";

/** A step in which an application is put together; a router has steps of its own. */
type Step =
  | { readonly kind: "guard"; readonly path: string }
  | { readonly kind: "route"; readonly path: string }
  | {
      readonly kind: "router";
      readonly path: string;
      readonly caseSensitive: boolean;
      readonly steps: readonly Step[];
    };

const runs = Number(process.env["PROPERTY_RUNS"] ?? "300");

const segments = fc.constantFrom("a", "A", "b", "a.b", ":x", ":y", "*z", "{b}", "b{/:w}", "-", "$");
const path = fc.array(segments, { maxLength: 3 }).map((parts) => `/${parts.join("/")}`);
const steps = fc.letrec<{ step: Step; steps: Step[] }>((tie) => ({
  steps: fc.array(tie("step"), { minLength: 2, maxLength: 6 }),
  step: fc.oneof(
    { maxDepth: 3, depthIdentifier: "routers" },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("guard" as const), path }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("route" as const), path }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("router" as const),
        path,
        caseSensitive: fc.boolean(),
        steps: tie("steps"),
      }),
    },
  ),
})).steps;
const asked = fc.array(fc.constantFrom("a", "A", "b", "B", "a.b", "x", "-", "$", ""), { maxLength: 4 });

const auth = createCloudbaseAuth({ envId: "demo" });
let app = express();
const server = createServer((req, res) => void app(req, res));
let origin: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await auth.close();
});

/** Every route answers its number, in the order of their declaration. */
function build(all: readonly Step[]): Express {
  const made = express();
  made.use(cloudbaseAuth(auth));
  let count = 0;
  const take = (router: Router, part: readonly Step[]): void => {
    for (const step of part) {
      if (step.kind === "guard") router.use(step.path, requireUser());
      else if (step.kind === "route") {
        const number = count++;
        router.get(step.path, (_req, res) => void res.json(number));
      } else {
        const inner = express.Router({ caseSensitive: step.caseSensitive });
        take(inner, step.steps);
        router.use(step.path, inner);
      }
    }
  };
  take(made, all);
  const refuse: ErrorRequestHandler = (_error, _req, res, _next) => void res.status(401).json(null);
  return made.use(refuse);
}

test("what is described as guarded never answers without a token", { timeout: 60_000 }, async () => {
  let guardedRows = 0;
  let answers = 0;
  await fc.assert(
    fc.asyncProperty(steps, fc.array(asked, { minLength: 4, maxLength: 8 }), async (all, paths) => {
      app = build(all);
      const rows = describeRoutes(app);
      guardedRows += rows.filter(({ access }) => access === "user").length;
      for (const parts of paths) {
        const response = await fetch(`${origin}/${parts.join("/")}`);
        if (response.status !== 200) {
          await response.arrayBuffer();
          continue;
        }
        answers += 1;
        expect(rows[(await response.json()) as number]?.access).toBe("undeclared");
      }
    }),
    { numRuns: runs },
  );
  // Otherwise nothing was shown.
  expect(guardedRows).toBeGreaterThan(0);
  expect(answers).toBeGreaterThan(0);
});
