import Fastify from "fastify";
import { authRoutes, cloudbaseAuth, createCloudbaseAuth, problemDetails, requireUser } from "@cloudbase-auth/fastify";
import { createSessions } from "@cloudbase-auth/sessions";

const { SESSION_SECRET: secret = "", ORIGIN: origin = "http://127.0.0.1:3000", PORT = "3000" } = process.env;
const sessions = createSessions({ auth: createCloudbaseAuth(), secret, origin });

const app = Fastify();
app.setErrorHandler(problemDetails());
await app.register(authRoutes(sessions), { prefix: "/auth" });
await app.register(cloudbaseAuth, { session: sessions });
app.get("/orders", { onRequest: requireUser() }, (request) => ({ ordersOf: request.user?.id }));
await app.listen({ port: Number(PORT) });
