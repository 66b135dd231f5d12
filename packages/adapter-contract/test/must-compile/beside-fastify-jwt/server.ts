import fastifyJwt from "@fastify/jwt";
import { cloudbaseAuth, getUser, requireUser } from "@cloudbase-auth/fastify/plain";
import type { Auth, CloudbaseUser, RouteAuth } from "@cloudbase-auth/fastify/plain";
import Fastify from "fastify";
import type { FastifyRequest } from "fastify";
import { expectTypeOf } from "vitest";

declare module "@fastify/jwt" {
  interface FastifyJWT {
    user: { readonly machine: string };
  }
}

const app = Fastify();
await app.register(fastifyJwt, { secret: "a secret" });
await app.register(cloudbaseAuth, { envId: "demo", property: { user: "person", auth: "personAuth" } });

// theirs, untouched
expectTypeOf<FastifyRequest["user"]>().toEqualTypeOf<{ readonly machine: string }>();
expectTypeOf<FastifyRequest>().not.toHaveProperty("auth");

// ours
app.get("/me", { onRequest: requireUser() }, (request) => {
  expectTypeOf(getUser(request)).toEqualTypeOf<CloudbaseUser>();
  return request.getDecorator<Auth>("personAuth").state;
});
app.get("/admin", { config: { auth: { groups: ["admin"] } satisfies RouteAuth } }, (request) => getUser(request).id);
app.get(
  "/own",
  requireUser().handler(({ auth }) => auth.claims.sub),
);
