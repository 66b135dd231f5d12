import { mergeHeaders, readSessionBody } from "@cloudbase-auth/core/adapter";
import type { Sessions } from "@cloudbase-auth/core/adapter";
import type { NextFunction, Request } from "express";
import type { ServerResponse } from "node:http";
import type { Middleware } from "./middleware.ts";

/**
 * The routes of `@cloudbase-auth/sessions`: sign-in, sign-up, sign-out and all the rest, below the path where they are
 * mounted. Nothing goes on to `next()`: what they do not know is 404.
 *
 * They take a body that a parser has read, and read it themselves where none has.
 *
 * @example
 * ```ts
 * const sessions = createSessions({ auth, secret: process.env.SESSION_SECRET ?? "", origin: "https://app.example" });
 * app.use("/auth", authRoutes(sessions));
 * app.use(cloudbaseAuth({ session: sessions }));
 * ```
 */
export function authRoutes(sessions: Sessions): Middleware {
  return (req, res, next) => {
    // Express hands its own request over; the parameter is typed as Node's, as in every middleware of ours.
    void answerOrPass(sessions, req as Request, res, next);
  };
}

async function answerOrPass(sessions: Sessions, req: Request, res: ServerResponse, next: NextFunction): Promise<void> {
  try {
    await answer(sessions, req, res);
  } catch (error) {
    // A client that hangs up has destroyed the request, and nobody is left to answer.
    if (!req.destroyed || req.complete) next(error);
  }
}

async function answer(sessions: Sessions, req: Request, res: ServerResponse): Promise<void> {
  const parsed: unknown = req.body;
  const { method, headers, rawHeaders, url, ip, baseUrl: mount, path } = req;
  // Not by URL: it takes what follows two slashes for a host, and throws if that is none.
  const query = url.split("?").slice(1).join("?");
  const body = parsed === undefined ? await readSessionBody(req) : parsed;
  const request = { method, headers, rawHeaders, url, ip, mount, path, query, body };
  const said = await sessions.answer(request);
  res.statusCode = said.status;
  for (const [name, value] of Object.entries(mergeHeaders(said.headers, (name) => res.getHeader(name)))) {
    res.setHeader(name, value);
  }
  if (body === null) res.setHeader("Connection", "close");
  if (said.body !== undefined) res.setHeader("Content-Length", Buffer.byteLength(said.body));
  res.end(said.body);
}
