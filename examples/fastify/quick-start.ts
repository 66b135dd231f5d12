import Fastify from "fastify";
import { cloudbaseAuth, problemDetails, requireUser } from "@cloudbase-auth/fastify";

const app = Fastify();
app.setErrorHandler(problemDetails());
await app.register(cloudbaseAuth); // whose users: CLOUDBASE_ENV_ID

app.get("/", () => "Everybody may read this.");
app.get("/me", { onRequest: requireUser() }, (request) => request.user);
app.get("/admin", { onRequest: requireUser({ groups: ["admin"] }) }, () => "Welcome.");

await app.listen({ port: Number(process.env.PORT ?? 3000) });
