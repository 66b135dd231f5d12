import type { AuthResult } from "@cloudbase-auth/core";
import {
  attach,
  dropConditions,
  openAdapter,
  passOn,
  requestWithBody,
  responseHeadersOf,
} from "@cloudbase-auth/core/adapter";
import type { AdapterInput } from "@cloudbase-auth/core/adapter";
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest, RegisterOptions } from "fastify";
import fastifyPlugin from "fastify-plugin";
import { complaintAbout, takeDown } from "./declarations.ts";
import { findRegistry, openRegistry } from "./registry.ts";
import type { Registry } from "./registry.ts";

/** What the plugin takes: what `cloudbaseAuth()` takes everywhere, and an option of its own. */
export type PluginInput = AdapterInput & {
  /** Whether to refuse, where it is declared, a route that does not say who may call it. */
  readonly everyRoute?: "declared" | undefined;
};

/**
 * Finds out who sent each request and sets `request.user` and `request.auth`, in an `onRequest` hook: before the body
 * is read.
 *
 * It verifies the access token of the Authorization header (RFC 6750 §2.1). It does **not** refuse anything: every
 * request goes on, and `request.auth.state` tells absent, rejected, unavailable and authenticated apart. Put
 * `requireUser` or `optionalUser` in front of what is not public. Nothing is fetched at boot.
 *
 * Takes options, an instance of `createCloudbaseAuth`, `{ auth: instance, property }` or `{ session: sessions }`; an instance that was handed in
 * stays open when the application closes. `everyRoute: "declared"` makes it refuse to declare a route that does not say
 * who may call it.
 *
 * @throws TypeError for wrong options, naming the option and the fix
 * @throws Error if another plugin has decorated the request with `user` or `auth` already
 * @example
 * ```ts
 * const app = Fastify();
 * app.setErrorHandler(problemDetails());
 * await app.register(cloudbaseAuth, { envId: "my-env-1a2b3c" });
 * app.get("/me", { onRequest: requireUser() }, (request) => request.user);
 * ```
 */
export const cloudbaseAuth: FastifyPluginAsync<PluginInput> = fastifyPlugin(
  // Async only so that what is thrown becomes the error of register(); thrown by a plugin with a callback, it would end
  // the process.
  async (app: FastifyInstance, input: PluginInput) => {
    const settings = openAdapter(withoutOwnOptions(input));
    for (const [option, name] of Object.entries(settings.property)) {
      if (app.hasRequestDecorator(name)) {
        throw new Error(
          `request.${name} is decorated already, by @fastify/jwt or another plugin or a second cloudbaseAuth(); give ours another name with property: { ${option}: "…" }`,
        );
      }
      app.decorateRequest(name, undefined);
    }
    const { auth } = settings;
    const registry = watchRoutes(app, auth.readsBody, readEveryRoute(input));
    const identify = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
      const asked = auth.readsBody ? requestWithBody(request.raw, request.body) : request.raw;
      const keep = (result: AuthResult): void => {
        attach(request, settings, result);
        if (result.headers !== undefined || result.cookies !== undefined) setHeaders(reply, result);
        if (result.cookies !== undefined) dropConditions(request.raw);
      };
      const complaint = registry.hasEarlyRoutes ? complaintAbout(request, registry.everyRoute) : undefined;
      if (complaint === undefined) passOn(settings.authenticate(asked), keep, done);
      else done(complaint);
    };
    // A token in a form is there once the body is parsed; guards then have their place behind that, in preHandler.
    if (auth.readsBody) app.addHook("preValidation", identify);
    else app.addHook("onRequest", identify);
    if (settings.owned) app.addHook("onClose", () => settings.auth.close());
  },
  { name: "@cloudbase-auth/fastify", fastify: "5.x" },
);

function setHeaders(reply: FastifyReply, result: AuthResult): void {
  const { "Set-Cookie": cookies, ...headers } = responseHeadersOf(result, (name) => reply.getHeader(name));
  void reply.headers(headers);
  // Fastify adds to the cookies that are there.
  if (cookies !== undefined) void reply.removeHeader("set-cookie").header("set-cookie", cookies);
}

/** Once for an application, however many environments it serves. */
function watchRoutes(app: FastifyInstance, readsBody: boolean, everyRoute: boolean): Registry {
  const known = findRegistry(app);
  const registry = known ?? openRegistry(app);
  registry.readsBody ||= readsBody;
  registry.everyRoute ||= everyRoute;
  if (known === undefined) {
    app.addHook("onRoute", function (route) {
      takeDown(registry, this, route);
    });
  }
  return registry;
}

function readEveryRoute(input: PluginInput): boolean {
  const everyRoute: unknown = "authenticate" in input ? undefined : input.everyRoute;
  if (everyRoute === undefined || everyRoute === "declared") return everyRoute === "declared";
  throw new TypeError('option everyRoute must be "declared", or be left out');
}

// `register()` and autoload hand their own options over with ours. An instance is left as it is.
function withoutOwnOptions(input: PluginInput & RegisterOptions): AdapterInput {
  if ("authenticate" in input) return input;
  const { prefix: _prefix, logLevel: _logLevel, logSerializers: _logSerializers, everyRoute: _, ...ours } = input;
  return ours;
}
