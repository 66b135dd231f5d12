import type { AddressInfo } from "node:net";
import { plantHeader, planted, runContract } from "@cloudbase-auth/adapter-contract";
import type { ContractApp, ContractRoute, RunningServer } from "@cloudbase-auth/adapter-contract";
import { cloudbaseAuth, optionalUser, problemDetails, requireUser } from "@cloudbase-auth/koa";
import type { CloudbaseState } from "@cloudbase-auth/koa";
import Koa3 from "koa";
import type { Middleware } from "koa";
import { Koa2 } from "./koa2.ts";

for (const [name, Koa] of [
  ["Koa 3", Koa3],
  ["Koa 2", Koa2],
] as const) {
  runContract(name, (contract) => start(Koa, contract));
}

function start(Koa: typeof Koa3, contract: ContractApp): Promise<RunningServer> {
  const app = new Koa<CloudbaseState>();
  app.silent = true; // Checks that fail are reported to the console.
  if (contract.problemDetails) app.use(problemDetails());
  app.use((ctx, next) => {
    if (ctx.get(plantHeader) !== "") Object.assign(ctx.state, planted);
    return next();
  });
  app.use(cloudbaseAuth(contract.auth));
  for (const { path, guard } of contract.routes) {
    const guarded = guardOf(guard);
    app.use((ctx, next): Promise<unknown> => {
      if (ctx.path !== path) return next();
      return guarded(ctx, async () => {
        ctx.body = contract.see(ctx.state.user, ctx.state.auth);
      });
    });
  }
  return new Promise((resolve, reject) => {
    const server = app.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      resolve({ port, close: () => new Promise((closed) => void server.close(() => closed())) });
    });
    server.on("error", reject);
  });
}

function guardOf(guard: ContractRoute["guard"]): Middleware {
  if (guard === "none") return (_ctx, next) => next();
  return guard === "optionalUser" ? optionalUser() : requireUser(guard.requireUser);
}
