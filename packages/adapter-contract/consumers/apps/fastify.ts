import Fastify from "fastify";
import { cloudbaseAuth, problemDetails, requireUser } from "@cloudbase-auth/fastify";
import { portOf } from "./say.ts";

async function main(): Promise<void> {
  const app = Fastify();
  app.setErrorHandler(problemDetails());
  await app.register(cloudbaseAuth);
  app.get("/", { onRequest: requireUser() }, (request) => ({ id: request.user?.id }));
  await app.listen({ port: 0, host: "127.0.0.1" });
  console.log(JSON.stringify({ port: portOf(app.server) }));
}
void main();
