import { once } from "node:events";
import { createServer } from "node:http";
import type { RequestListener, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import websocket from "@fastify/websocket";
import { cloudbaseAuth as forExpress, requireUser as guardOfExpress } from "@cloudbase-auth/express";
import { cloudbaseAuth as forFastify, requireUser as guardOfFastify } from "@cloudbase-auth/fastify";
import { cloudbaseAuth as forKoa, requireUser as guardOfKoa } from "@cloudbase-auth/koa";
import { refuseUpgrade } from "@cloudbase-auth/core";
import type { Caller, CloudbaseAuth, GrantedUpgrade, UpgradeOptions, Watch } from "@cloudbase-auth/core";
import express from "express";
import Fastify from "fastify";
import Koa from "koa";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import type { RunningServer } from "../../src/contract-app.ts";

/** An application with an event stream for signed-in users (GET /events), and WebSockets. */
interface LongLivedApp {
  readonly auth: CloudbaseAuth;
  readonly options: UpgradeOptions;
  /** Every watch that was begun, and those whose connection is gone. */
  readonly watches: Watch[];
  readonly left: Watch[];
}

/** The same on each framework, in the way in which its users write it. */
export const longLivedApps: readonly {
  readonly name: string;
  readonly start: (app: LongLivedApp) => Promise<RunningServer>;
}[] = [
  { name: "Express 5 and ws", start: startExpress },
  { name: "Koa 3 and ws", start: startKoa },
  { name: "Fastify 5 and @fastify/websocket", start: startFastify },
];

function startExpress(app: LongLivedApp): Promise<RunningServer> {
  const server = express();
  server.use(forExpress(app.auth));
  server.get("/events", guardOfExpress(), (req, res) => streamEvents(app, req, res));
  return listen(server, app);
}

function startKoa(app: LongLivedApp): Promise<RunningServer> {
  const server = new Koa();
  server.use(forKoa(app.auth));
  server.use(guardOfKoa());
  server.use((ctx) => {
    ctx.respond = false;
    streamEvents(app, ctx.state as Caller, ctx.res);
  });
  server.silent = true;
  const handle = server.callback();
  return listen((request, response) => void handle(request, response), app);
}

async function startFastify(app: LongLivedApp): Promise<RunningServer> {
  const { auth, options, watches } = app;
  const server = Fastify({ forceCloseConnections: true });
  const upgrades = new WeakMap<object, GrantedUpgrade>();
  await server.register(websocket);
  await server.register(forFastify, auth);
  server.get("/events", { onRequest: guardOfFastify() }, (request, reply) => {
    reply.hijack();
    streamEvents(app, request, reply.raw);
  });
  const identify = async (request: { readonly raw: Parameters<CloudbaseAuth["authenticateUpgrade"]>[0] }) => {
    const upgrade = await auth.authenticateUpgrade(request.raw, options);
    if (upgrade.error) throw upgrade.error;
    upgrades.set(request.raw, upgrade);
  };
  server.get("/", { websocket: true, preValidation: identify }, (socket, request) => {
    const upgrade = upgrades.get(request.raw);
    if (upgrade !== undefined) greet(socket, upgrade, watches);
  });
  await server.listen({ port: 0, host: "127.0.0.1" });
  return { port: (server.server.address() as AddressInfo).port, close: () => server.close() };
}

function streamEvents({ auth, watches, left }: LongLivedApp, caller: Caller, response: ServerResponse): void {
  const watch = auth.watch(caller);
  watches.push(watch);
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.write(`data: hello ${watch.user.id}\n\n`);
  response.on("close", () => {
    watch.stop();
    left.push(watch);
  });
  watch.signal.addEventListener("abort", () => response.end("event: over\ndata:\n\n"));
}

function greet(socket: WebSocket, upgrade: GrantedUpgrade, watches: Watch[]): void {
  const watch = upgrade.hold(socket);
  watches.push(watch);
  socket.send(`hello ${watch.user.id}`);
  socket.on("message", (data: Buffer) => {
    void watch.extend(data.toString()).then((refusal) => socket.send(refusal?.code ?? "extended"));
  });
}

async function listen(listener: RequestListener, { auth, options, watches }: LongLivedApp): Promise<RunningServer> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    void auth.authenticateUpgrade(request, options).then((upgrade) => {
      if (upgrade.error) return refuseUpgrade(socket, upgrade.error);
      sockets.handleUpgrade(request, socket, head, (opened) => greet(opened, upgrade, watches));
    });
  });
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const client of sockets.clients) client.terminate();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
