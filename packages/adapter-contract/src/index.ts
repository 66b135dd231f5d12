export { contractCases, runContract } from "./run-contract.ts";
export { contractRoutes, plantHeader, planted } from "./contract-app.ts";
export type { ContractApp, ContractRoute, RunningServer, Sight, StartServer } from "./contract-app.ts";
export { createStandIn, nobody, oddRejections, refusal } from "./stand-in.ts";
export { createWorld } from "./world.ts";
export type { World } from "./world.ts";
export { exchange } from "./wire.ts";
export type { WireRequest, WireResponse } from "./wire.ts";
