import Fastify from "fastify";
import { cloudbaseAuth, problemDetails, requireUser } from "@cloudbase-auth/fastify";

const app = Fastify();
app.setErrorHandler(problemDetails());
await app.register(cloudbaseAuth); // instead of app.register(fastifyJwt, { secret, verify })

// Instead of onRequest: [app.authenticate] with `await request.jwtVerify()` in it.
app.get("/me", { onRequest: requireUser() }, (request) => ({ id: request.user?.id })); // was request.user.sub
app.get("/claims", { onRequest: requireUser() }, ({ auth }) => (auth?.state === "authenticated" ? auth.claims : {}));

await app.listen({ port: Number(process.env.PORT ?? 3000) });
