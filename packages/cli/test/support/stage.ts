import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import type { RequestListener, ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { createServer as createTcpServer } from "node:net";
import type { Server, Socket } from "node:net";
import { join } from "node:path";
import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator, EmulatorOptions } from "@cloudbase-auth/emulator";
import { afterAll } from "vitest";
import { createCertificate } from "../../../core/test/support/certificate.ts";
import { home } from "./command.ts";
import type { Variables } from "./command.ts";

const endings: (() => unknown)[] = [];
afterAll(() => Promise.all(endings.map((end) => end())));

/** Has something ended when the tests of the file are over; they run beside each other. */
export function atTheEnd(end: () => unknown): void {
  endings.push(end);
}

/** An emulator until the tests are over. */
export async function openEmulator(options: Partial<EmulatorOptions> = {}): Promise<Emulator> {
  const emulator = await createEmulator({ envId: "demo", ...options });
  atTheEnd(() => emulator.close());
  return emulator;
}

/** The variables of an application of the environment. */
export const variablesFor = (endpoint: string): Variables => ({
  CLOUDBASE_ENV_ID: "demo",
  CLOUDBASE_AUTH_ENDPOINT: endpoint,
});

/** An origin at which nothing listens. */
export async function closedPort(): Promise<string> {
  const server = createTcpServer();
  const host = await listen(server);
  server.close();
  await once(server, "close");
  return `http://${host}`;
}

/** Takes connections and never says a word; its host and port. */
export async function blackHole(): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket.on("error", () => undefined));
  });
  atTheEnd(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return listen(server);
}

/** An HTTP server until the tests are over; its origin. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createHttpServer(listener);
  atTheEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://${await listen(server)}`;
}

/** The emulator behind TLS; its origin, and the file of the certificate. */
export async function overTls(emulator: Emulator, fromYear: number, toYear: number) {
  const certificate = createCertificate(fromYear, toYear);
  const file = join(mkdtempSync(join(home, "tls-")), "certificate.pem");
  writeFileSync(file, certificate.cert);
  const server = createHttpsServer(certificate, pass(emulator));
  server.on("tlsClientError", () => undefined);
  atTheEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return { endpoint: `https://${await listen(server)}`, file };
}

/** Has the emulator answer: what was asked, but for its body. */
function pass({ endpoint }: Emulator, change: (response: ServerResponse) => void = () => undefined): RequestListener {
  return ({ method = "GET", url = "/" }, response) => {
    const authorization = "Bearer made-up";
    void fetch(new URL(url, endpoint), { method, headers: { authorization } })
      .then(async (answer) => {
        change(response);
        response.end(await answer.text());
      })
      .catch(() => response.destroy());
  };
}

/** The emulator's key set behind a clock that is `seconds` ahead. */
export function serverWithClock(emulator: Emulator, seconds: number): Promise<string> {
  return serve(
    pass(emulator, (response) => {
      response.setHeader("date", new Date(Date.now() + seconds * 1_000).toUTCString());
    }),
  );
}

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("it listens, but not on a port");
  return `127.0.0.1:${String(address.port)}`;
}
