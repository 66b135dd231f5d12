import Fastify from "fastify";
import { cloudbaseAuth, optionalUser, problemDetails, requireUser } from "@cloudbase-auth/fastify";

const host = process.env.HOST ?? "127.0.0.1";
const port = Number(process.env.PORT ?? 3003);
const app = Fastify({ forceCloseConnections: true });

// RFC 9457 bodies for refusals; other errors go on to Fastify's own handler.
app.setErrorHandler(problemDetails());

// Finds out who is calling and refuses nobody; CLOUDBASE_ENV_ID says which environment's users are ours.
await app.register(cloudbaseAuth);

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

try {
  console.log(`Fastify example: ${await app.listen({ port, host })}`);
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  console.error(`The Fastify example cannot listen on ${host}:${port} (${reason}); set PORT to a free one.`);
  process.exit(1);
}

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    void app.close().then(() => process.exit(0));
  });
}
