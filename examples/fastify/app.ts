import Fastify from "fastify";
import type { FastifyInstance } from "fastify";
import { cloudbaseAuth, optionalUser, problemDetails, requireUser } from "@cloudbase-auth/fastify";
import type { AdapterInput } from "@cloudbase-auth/fastify";

/** The application without a port, so that tests can have one of their own: `app.test.ts`. */
export async function createApp(auth: AdapterInput = {}): Promise<FastifyInstance> {
  const app = Fastify({ forceCloseConnections: true });

  // RFC 9457 bodies for refusals; other errors go on to Fastify's own handler.
  app.setErrorHandler(problemDetails());

  // Finds out who is calling and refuses nobody; CLOUDBASE_ENV_ID says which environment's users are ours.
  await app.register(cloudbaseAuth, auth);

  app.get("/", () => ({ message: "Everybody may read this." }));

  // Absent and anonymous pass; a bad token is refused and never taken for "nobody".
  app.get("/hello", { onRequest: optionalUser() }, ({ user }) => {
    const name = user?.isAnonymous ? "anonymous visitor" : (user?.name ?? user?.id ?? "stranger");
    return { message: `Hello, ${name}.` };
  });

  // A signed-in person; anonymous users get 403.
  app.get("/me", { onRequest: requireUser() }, ({ user }) => ({ user }));

  app.get("/admin", { onRequest: requireUser({ groups: ["admin"] }) }, () => ({
    message: "You are in the group admin.",
  }));
  return app;
}
