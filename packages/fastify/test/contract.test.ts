import type { AddressInfo } from "node:net";
import { plantHeader, planted, runContract } from "@cloudbase-auth/adapter-contract";
import type { ContractApp, ContractRoute, RunningServer } from "@cloudbase-auth/adapter-contract";
import { cloudbaseAuth, optionalUser, problemDetails, requireUser } from "@cloudbase-auth/fastify";
import type { Guard, RouteAuth } from "@cloudbase-auth/fastify";
import Fastify from "fastify";

for (const hook of ["onRequest", "preValidation", "preHandler"] as const) {
  runContract(`Fastify 5, guards as ${hook}`, (contract) =>
    start(contract, ({ guard }) => ({ [hook]: guardsOf(guard) })),
  );
}
runContract("Fastify 5, by config.auth", (contract) => start(contract, ({ guard }) => ({ config: configOf(guard) })));

async function start(contract: ContractApp, declare: (route: ContractRoute) => object): Promise<RunningServer> {
  const app = Fastify();
  // A guard behind the parser would answer for the form's content type instead of the missing token.
  app.addContentTypeParser("application/x-www-form-urlencoded", (_request, payload, done) => {
    payload.resume().on("end", () => done(null));
  });
  if (contract.problemDetails) app.setErrorHandler(problemDetails());
  app.addHook("onRequest", (request, _reply, done) => {
    if (request.headers[plantHeader] !== undefined) Object.assign(request, planted);
    done();
  });
  await app.register(cloudbaseAuth, contract.auth);
  for (const route of contract.routes) {
    app.all(route.path, declare(route), (request) => contract.see(request.user, request.auth));
  }
  await app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = app.server.address() as AddressInfo;
  return { port, close: () => app.close() };
}

function guardsOf(guard: ContractRoute["guard"]): Guard[] {
  if (guard === "none") return [];
  return [guard === "optionalUser" ? optionalUser() : requireUser(guard.requireUser)];
}

function configOf(guard: ContractRoute["guard"]): { readonly auth: RouteAuth } {
  if (typeof guard !== "string") return { auth: guard.requireUser ?? {} };
  return { auth: guard === "none" ? "public" : "optional" };
}
