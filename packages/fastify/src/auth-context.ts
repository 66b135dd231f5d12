import { isIdentified, runAsCaller } from "@cloudbase-auth/core/adapter";
import type { FastifyInstance, FastifyPluginCallback } from "fastify";
import fastifyPlugin from "fastify-plugin";

/**
 * Lets `currentUser()` and `currentAuth()` answer in everything that a request sets off, without `request` being handed
 * along: in the hooks and handlers behind it. Register it behind `cloudbaseAuth`.
 *
 * @throws Error if `cloudbaseAuth` is not registered
 * @example
 * ```ts
 * await app.register(cloudbaseAuth);
 * await app.register(authContext);
 * app.get("/orders", { onRequest: requireUser() }, () => ordersOf(currentUser()?.id));
 * ```
 */
export const authContext: FastifyPluginCallback = fastifyPlugin(
  (app: FastifyInstance, _options: object, registered: () => void) => {
    app.addHook("onRequest", (request, _reply, done) => {
      // A token in a form is not read yet.
      if (isIdentified(request)) runAsCaller(request, done);
      else done();
    });
    // Once more: what follows a body that was read runs in the context of the socket's events, not in the request's.
    app.addHook("preValidation", (request, _reply, done) => runAsCaller(request, done));
    registered();
  },
  { name: "@cloudbase-auth/fastify/auth-context", dependencies: ["@cloudbase-auth/fastify"], fastify: "5.x" },
);
