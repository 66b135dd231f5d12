import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./support/processes.ts";

/** What the compiler says of a project, a line for each error; of what it says in detail nothing. */
function diagnosticsOf(project: string): { readonly status: number | null; readonly errors: readonly string[] } {
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const args = [compiler, "-p", "tsconfig.json", "--pretty", "false"];
  const cwd = join(import.meta.dirname, project);
  const { status, stdout } = spawnSync(process.execPath, args, { cwd, encoding: "utf8", timeout: 60_000 });
  return { status, errors: stdout.split("\n").filter((line) => /^\S/.test(line)) };
}

test("what would be a mistake does not compile, for exactly this reason", { timeout: 60_000 }, () => {
  expect(diagnosticsOf("must-not-compile").errors).toMatchInlineSnapshot(`
    [
      "claims.ts(11,11): error TS18048: 'claims.tenant' is possibly 'undefined'.",
      "claims.ts(11,33): error TS2533: Object is possibly 'null' or 'undefined'.",
      "claims.ts(11,49): error TS2339: Property 'length' does not exist on type 'string | number | boolean | readonly FrozenJson[] | { readonly [name: string]: FrozenJson; }'.",
      "claims.ts(15,10): error TS2540: Cannot assign to 'tenant' because it is a read-only property.",
      "claims.ts(16,10): error TS2540: Cannot assign to 'sub' because it is a read-only property.",
      "express.ts(9,58): error TS18048: 'req.user' is possibly 'undefined'.",
      "express.ts(10,58): error TS18048: 'req.auth' is possibly 'undefined'.",
      "express.ts(10,67): error TS2339: Property 'token' does not exist on type 'Auth'.",
      "express.ts(14,15): error TS2769: No overload matches this call.",
      "express.ts(15,30): error TS2339: Property 'handler' does not exist on type 'Middleware'.",
      "express.ts(20,56): error TS2339: Property 'push' does not exist on type 'readonly string[]'.",
      "express.ts(20,81): error TS2540: Cannot assign to 'id' because it is a read-only property.",
      "express.ts(24,29): error TS2353: Object literal may only specify known properties, and 'scope' does not exist in type 'Requirement<Request<ParamsDictionary, any, any, ParsedQs, Record<string, any>>>'.",
      "express.ts(25,29): error TS2322: Type '"yes"' is not assignable to type '"allow" | "deny" | "only" | undefined'.",
      "fastify.ts(7,37): error TS2769: No overload matches this call.",
      "fastify.ts(10,58): error TS18048: 'request.user' is possibly 'undefined'.",
      "fastify.ts(11,54): error TS18048: 'request.auth' is possibly 'undefined'.",
      "fastify.ts(11,67): error TS2339: Property 'token' does not exist on type 'Auth'.",
      "fastify.ts(15,15): error TS2769: No overload matches this call.",
      "fastify.ts(16,30): error TS2339: Property 'handler' does not exist on type 'Guard'.",
      "fastify.ts(21,58): error TS2339: Property 'push' does not exist on type 'readonly string[]'.",
      "fastify.ts(25,17): error TS2322: Type '{ auth: string; }' is not assignable to type 'never'.",
      "fastify.ts(26,42): error TS2353: Object literal may only specify known properties, and 'scope' does not exist in type 'Requirement<FastifyRequest<RouteGenericInterface, RawServerDefault, IncomingMessage, FastifySchema, FastifyTypeProviderDefault, unknown, FastifyBaseLogger, ResolveFastifyRequestType<...>>>'.",
      "fastify.ts(27,19): error TS2353: Object literal may only specify known properties, and 'group' does not exist in type 'Requirement<FastifyRequest<RouteGenericInterface, RawServerDefault, IncomingMessage, FastifySchema, FastifyTypeProviderDefault, unknown, FastifyBaseLogger, ResolveFastifyRequestType<...>>> & object'.",
      "koa.ts(10,35): error TS18048: 'ctx.state.user' is possibly 'undefined'.",
      "koa.ts(11,50): error TS2339: Property 'token' does not exist on type 'Auth'.",
      "koa.ts(14,24): error TS2339: Property 'handler' does not exist on type 'Middleware'.",
      "koa.ts(17,66): error TS2339: Property 'push' does not exist on type 'readonly string[]'.",
      "koa.ts(20,23): error TS2353: Object literal may only specify known properties, and 'scope' does not exist in type 'Requirement<Context>'.",
    ]
  `);
});

test.for([
  ["claims", "claims that were added once count on every adapter"],
  ["beside-fastify-jwt", "@cloudbase-auth/fastify/plain leaves the types of @fastify/jwt alone, libraries checked too"],
])("%s compiles: %s", { timeout: 60_000 }, ([project]) => {
  expect(diagnosticsOf(`must-compile/${project}`)).toEqual({ status: 0, errors: [] });
});
