import { cloudbaseAuth, requireUser } from "@cloudbase-auth/fastify";
import Fastify from "fastify";

const app = Fastify();
await app.register(cloudbaseAuth);
app.get("/me", { onRequest: requireUser({ groups: ["editors"] }) }, () => "me");
await app.listen({ port: 1 });

export default app;
