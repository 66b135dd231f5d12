import { maxSessionBodyBytes, mergeHeaders } from "@cloudbase-auth/core/adapter";
import type { Sessions } from "@cloudbase-auth/core/adapter";
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { publicRoute } from "./guards.ts";

/**
 * The routes of `@cloudbase-auth/sessions`: sign-in, sign-up, sign-out and all the rest, below the prefix with which the
 * plugin is registered.
 *
 * @example
 * ```ts
 * const sessions = createSessions({ auth, secret: process.env.SESSION_SECRET ?? "", origin: "https://app.example" });
 * await app.register(authRoutes(sessions), { prefix: "/auth" });
 * await app.register(cloudbaseAuth, { session: sessions });
 * ```
 */
export function authRoutes(sessions: Sessions): FastifyPluginAsync {
  return async (app: FastifyInstance) => {
    const reply = (request: FastifyRequest, response: FastifyReply, body: unknown): Promise<FastifyReply> =>
      answer(sessions, { request, response, mount: app.prefix, body });
    // As text, whatever the type says: what is wrong with it is answered as everywhere in these routes.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", { parseAs: "string", bodyLimit: maxSessionBodyBytes }, (_request, text, done) => {
      done(null, text === "" ? undefined : text);
    });
    app.setErrorHandler(async (error: Error & { readonly code?: string }, request, response) => {
      if (error.code !== "FST_ERR_CTP_BODY_TOO_LARGE") throw error;
      void response.header("connection", "close");
      return reply(request, response, null);
    });
    for (const url of ["/", "/*"]) {
      app.route({
        method: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
        ...{ url, onRequest: publicRoute(), exposeHeadRoute: false },
        handler: (request, response) => reply(request, response, request.body),
      });
    }
  };
}

interface Asked {
  readonly request: FastifyRequest;
  readonly response: FastifyReply;
  readonly mount: string;
  readonly body: unknown;
}

async function answer(sessions: Sessions, { request, response, mount, body }: Asked): Promise<FastifyReply> {
  const { method, headers, ip, raw } = request;
  // Not by URL: it takes what follows two slashes for a host, and throws if that is none.
  const [pathname = "", ...search] = request.url.replace(/^https?:\/\/[^/?]*/i, "").split("?");
  const said = await sessions.answer({
    ...{ method, headers, rawHeaders: raw.rawHeaders, url: request.url, ip, mount, body },
    path: pathname.slice(mount.length) || "/",
    query: search.join("?"),
  });
  const { "Set-Cookie": cookies, ...others } = mergeHeaders(said.headers, (name) => response.getHeader(name));
  void response.code(said.status).headers(others);
  // Fastify adds to the cookies that are there.
  if (cookies !== undefined) void response.removeHeader("set-cookie").header("set-cookie", cookies);
  // Bytes: no serializer applies, and no charset is added, which JSON has not.
  return response.send(said.body === undefined ? undefined : Buffer.from(said.body));
}
