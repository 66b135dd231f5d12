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
    // A token in a form is not read yet, and nobody is known.
    app.addHook("onRequest", (request, _reply, done) => {
      if (isIdentified(request)) runAsCaller(request, done);
      else done();
    });
    // Now it is. And a body parser may have lost the context, though Fastify's own do not.
    app.addHook("preValidation", (request, _reply, done) => runAsCaller(request, done));
    registered();
  },
  { name: "@cloudbase-auth/fastify/auth-context", dependencies: ["@cloudbase-auth/fastify"], fastify: "5.x" },
);
