import type { AddressInfo } from "node:net";
import { plantHeader, planted, runContract } from "@cloudbase-auth/adapter-contract";
import type { ContractApp, ContractRoute, RunningServer } from "@cloudbase-auth/adapter-contract";
import { cloudbaseAuth, optionalUser, problemDetails, requireUser } from "@cloudbase-auth/express";
import express5 from "express";
import type { RequestHandler } from "express";
import { express4 } from "./express4.ts";

for (const [name, express] of [
  ["Express 5", express5],
  ["Express 4", express4],
] as const) {
  runContract(name, (contract) => start(express, contract));
}

function start(express: typeof express5, contract: ContractApp): Promise<RunningServer> {
  const app = express();
  app.use((req, _res, next) => {
    if (req.get(plantHeader) !== undefined) Object.assign(req, planted);
    next();
  });
  app.use(cloudbaseAuth(contract.auth));
  for (const { path, guard } of contract.routes) {
    app.all(path, ...guardsOf(guard), (req, res) => void res.json(contract.see(req.user, req.auth)));
  }
  if (contract.problemDetails) app.use(problemDetails());
  return new Promise((resolve, reject) => {
    const server = app.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      resolve({ port, close: () => new Promise((closed) => void server.close(() => closed())) });
    });
    server.on("error", reject);
  });
}

function guardsOf(guard: ContractRoute["guard"]): RequestHandler[] {
  if (guard === "none") return [];
  return [guard === "optionalUser" ? optionalUser() : requireUser(guard.requireUser)];
}
