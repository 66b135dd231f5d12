import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { cloudbaseAuth, describeRoutes, problemDetails, requireUser } from "@cloudbase-auth/koa";
import { Router } from "@koa/router";
import fc from "fast-check";
import Koa from "koa";
import { afterAll, beforeAll, expect, test } from "vitest";

/** A step in which a router is put together. */
type Step =
  | { readonly kind: "guard"; readonly path: string | undefined }
  | { readonly kind: "route"; readonly path: string }
  | { readonly kind: "router"; readonly path: string | undefined; readonly made: Made };

interface Made {
  readonly options: { readonly prefix?: string; readonly sensitive?: boolean; readonly exclusive?: boolean };
  readonly steps: readonly Step[];
}

const runs = Number(process.env["PROPERTY_RUNS"] ?? "300");

const segments = fc.constantFrom("a", "A", "b", "a.b", ":x", "*z", "{b}", "b{/:w}", "-", "$");
const pathOf = (parts: readonly string[]): string => `/${parts.join("/")}`;
const path = fc.array(segments, { maxLength: 3 }).map(pathOf);
const prefix = fc
  .array(fc.constantFrom("a", "a", "B", "a.b", "-", "$", ":p"), { minLength: 1, maxLength: 2 })
  .map(pathOf);
const mount = fc.option(prefix, { nil: undefined });
const options = fc.record(
  { prefix, sensitive: fc.boolean(), exclusive: fc.constantFrom(false, false, false, true) },
  { requiredKeys: [] },
);
const routers = fc.letrec<{ step: Step; made: Made }>((tie) => ({
  made: fc.record({ options, steps: fc.array(tie("step"), { minLength: 2, maxLength: 5 }) }),
  step: fc.oneof(
    { maxDepth: 3, depthIdentifier: "routers" },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("guard" as const), path: mount }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("route" as const), path }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("router" as const), path: mount, made: tie("made") }) },
  ),
})).made;
const asked = fc.array(fc.constantFrom("a", "A", "b", "B", "a.b", "x", "-", "$", ""), { maxLength: 4 }).map(pathOf);

const auth = createCloudbaseAuth({ envId: "demo" });
let handle = new Koa().callback();
const server = createServer((req, res) => void handle(req, res));
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

/** Every route answers with the path that the router wrote for it. */
function build({ options: own, steps }: Made): Router {
  const router = new Router(own);
  for (const step of steps) {
    const at = step.path === undefined ? [] : [step.path];
    if (step.kind === "guard") router.use(...(at as []), requireUser());
    else if (step.kind === "router") router.use(...(at as []), build(step.made).routes());
    else {
      router.get(step.path, (ctx) => {
        ctx.body = { path: ctx.routerPath };
      });
    }
  }
  return router;
}

/** `undefined` where prefixes with parameters make the router write an expression that it cannot compile itself. */
function built(made: Made): Router | undefined {
  try {
    return build(made);
  } catch (error) {
    if (error instanceof TypeError && error.message.includes("pathToRegexpError")) return undefined;
    throw error;
  }
}

test("what is described as guarded never answers without a token", { timeout: 60_000 }, async () => {
  let guardedRows = 0;
  let answers = 0;
  await fc.assert(
    fc.asyncProperty(routers, fc.array(asked, { minLength: 4, maxLength: 8 }), async (made, paths) => {
      const router = built(made);
      fc.pre(router !== undefined);
      const app = new Koa();
      app.silent = true;
      app.use(problemDetails()).use(cloudbaseAuth(auth)).use(router.routes());
      handle = app.callback();
      const rows = describeRoutes(app);
      guardedRows += rows.filter(({ access }) => access === "user").length;
      for (const url of paths) {
        const response = await fetch(origin + url);
        const body: unknown = response.status === 200 ? await response.json() : await response.arrayBuffer();
        if (response.status !== 200) continue;
        answers += 1;
        // The same path may stand there twice; one that is not guarded then is enough.
        const possible = rows.filter((row) => row.path === (body as { readonly path: string }).path);
        expect(possible.map(({ access }) => access)).toContain("undeclared");
      }
    }),
    { numRuns: runs },
  );
  // Otherwise nothing was shown.
  expect(guardedRows).toBeGreaterThan(0);
  expect(answers).toBeGreaterThan(0);
});
