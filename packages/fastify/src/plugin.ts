import type { Auth, AuthResult, CloudbaseUser } from "@cloudbase-auth/core";
import { attach, openAdapter, passOn, requestWithBody } from "@cloudbase-auth/core/adapter";
import type { AdapterInput } from "@cloudbase-auth/core/adapter";
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest, RegisterOptions } from "fastify";
import fastifyPlugin from "fastify-plugin";

interface CloudbaseProperties {
  /** The user of a verified access token, set by `cloudbaseAuth()`; `undefined` when there is none. */
  user: CloudbaseUser | undefined;
  /** How we know who is calling, or why we do not; `undefined` where `cloudbaseAuth()` has not run. */
  auth: Auth | undefined;
}

declare module "fastify" {
  // Inherited and not declared here: where another plugin's types declare `user` themselves, theirs count.
  interface FastifyRequest extends CloudbaseProperties {}
}

/**
 * Finds out who sent each request and sets `request.user` and `request.auth`, in an `onRequest` hook: before the body
 * is read.
 *
 * It verifies the access token of the Authorization header (RFC 6750 §2.1). It does **not** refuse anything: every
 * request goes on, and `request.auth.state` tells absent, rejected, unavailable and authenticated apart. Put
 * `requireUser` or `optionalUser` in front of what is not public. Nothing is fetched at boot.
 *
 * Takes options, an instance of `createCloudbaseAuth`, or `{ auth: instance, property }`; an instance that was handed in
 * stays open when the application closes.
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
export const cloudbaseAuth: FastifyPluginAsync<AdapterInput> = fastifyPlugin(
  // Async only so that what is thrown becomes the error of register(); thrown by a plugin with a callback, it would end
  // the process.
  async (app: FastifyInstance, input: AdapterInput) => {
    const settings = openAdapter(withoutRegisterOptions(input));
    for (const [option, name] of Object.entries(settings.property)) {
      if (app.hasRequestDecorator(name)) {
        throw new Error(
          `request.${name} is decorated already, by @fastify/jwt or another plugin or a second cloudbaseAuth(); give ours another name with property: { ${option}: "…" }`,
        );
      }
      app.decorateRequest(name, undefined);
    }
    const { auth } = settings;
    const identify = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
      const asked = auth.readsBody ? requestWithBody(request.raw, request.body) : request.raw;
      const keep = (result: AuthResult): void => {
        attach(request, settings, result);
        if (result.headers !== undefined) void reply.headers(result.headers);
      };
      passOn(auth.authenticate(asked), keep, done);
    };
    // A token in a form is there once the body is parsed; guards then have their place behind that, in preHandler.
    if (auth.readsBody) app.addHook("preValidation", identify);
    else app.addHook("onRequest", identify);
    if (settings.owned) app.addHook("onClose", () => settings.auth.close());
  },
  { name: "@cloudbase-auth/fastify", fastify: "5.x" },
);

// `register()` and autoload hand their own options over with ours. An instance is left as it is.
function withoutRegisterOptions(input: AdapterInput & RegisterOptions): AdapterInput {
  if ("authenticate" in input) return input;
  const { prefix: _prefix, logLevel: _logLevel, logSerializers: _logSerializers, ...ours } = input;
  return ours;
}
