import Fastify from "fastify";
import { authRoutes, cloudbaseAuth, problemDetails, requireUser } from "@cloudbase-auth/fastify";
import { readPage } from "./page.ts";
import { openSessions } from "./sessions.ts";

const host = process.env.HOST ?? "127.0.0.1";
const port = Number(process.env.PORT ?? 3008);
const sessions = openSessions(`http://${host}:${port}`);
const app = Fastify({ forceCloseConnections: true });

app.setErrorHandler(problemDetails());

// Sign-in, sign-up, sign-out and all the rest.
await app.register(authRoutes(sessions), { prefix: "/auth" });

// From here on request.user is whoever is signed in by the cookie, and no other site can send what changes something.
await app.register(cloudbaseAuth, { session: sessions });

// A route of your own; the page shows what it answers.
app.get("/api/me", { onRequest: requireUser({ anonymous: "allow" }) }, ({ user }) => ({
  id: user?.id,
  isAnonymous: user?.isAnonymous,
}));

for (const [path, { headers, body }] of readPage("Fastify")) {
  app.get(path, (_request, reply) => reply.headers(headers).send(body));
}

try {
  console.log(`The page, by Fastify: ${await app.listen({ port, host })}`);
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  console.error(`The page cannot listen on ${host}:${port} (${reason}); set PORT to a free one.`);
  process.exit(1);
}

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    void app.close().catch(() => undefined);
    // A refresh token that is being exchanged is spent already: it takes the answer to go on. Five seconds at most.
    void sessions.auth.close().then(() => process.exit(0));
  });
}
