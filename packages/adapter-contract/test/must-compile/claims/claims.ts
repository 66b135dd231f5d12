import type { Claims } from "@cloudbase-auth/core";
import { requireUser as onExpress } from "@cloudbase-auth/express";
import { requireUser as onFastify } from "@cloudbase-auth/fastify";
import { requireUser as onKoa } from "@cloudbase-auth/koa";
import { expectTypeOf } from "vitest";

// Added once, through the one package that an application depends on; it counts in all of them.
declare module "@cloudbase-auth/express" {
  interface CloudbaseClaims {
    readonly tenant?: string;
    readonly plan?: "free" | "paid";
    readonly labels?: readonly string[];
  }
}

function check(claims: Claims): void {
  expectTypeOf(claims.tenant).toEqualTypeOf<string | undefined>();
  expectTypeOf(claims.plan).toEqualTypeOf<"free" | "paid" | undefined>();
  expectTypeOf(claims.labels).toEqualTypeOf<readonly string[] | undefined>();
  expectTypeOf(claims.sub).toBeString();
}

onExpress().handler((req) => check(req.auth.claims));
onKoa().handler((ctx) => check(ctx.state.auth.claims));
onFastify().handler((request) => check(request.auth.claims));
