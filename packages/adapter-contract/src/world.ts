import type { JsonWebKey } from "node:crypto";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import type { CloudbaseAuth } from "@cloudbase-auth/core";
import { createEmulator } from "@cloudbase-auth/emulator";
import { createForger } from "./forgery.ts";
import type { Forger } from "./forgery.ts";

/** A signing Auth v2 server, another one, tokens of both, and three instances of the core. */
export interface World {
  /** A token of the user `person`, with the claims laid over the usual ones. */
  readonly token: (claims?: Readonly<Record<string, unknown>>) => Promise<string>;
  /** Of an anonymous user who signed in through the API. */
  readonly anonymousToken: string;
  /** Of the same user as `token`, and revoked at the server: the signature is good, and the server says no. */
  readonly revokedToken: string;
  /** Of a server for another environment. */
  readonly foreignToken: string;
  /** The `verification_id` of an SMS code: a JWT under the very key of the access tokens. */
  readonly verificationId: string;
  readonly forger: Forger;
  /** `iss` of its tokens. */
  readonly issuer: string;
  readonly nowSeconds: number;
  /** Can fetch the key set. */
  readonly reachable: CloudbaseAuth;
  /** Knows the same issuer, but nobody listens where the key set should be. */
  readonly unreachable: CloudbaseAuth;
  /** Can fetch the key set, and is answered 503 to everything else. */
  readonly keySetOnly: CloudbaseAuth;
  close(): Promise<void>;
}

export const person = "person";

export async function createWorld(): Promise<World> {
  const emulator = await createEmulator({ envId: "demo" });
  const foreign = await createEmulator({ envId: "other" });
  const { endpoint } = emulator;
  const call = async (path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const response = await fetch(endpoint + path, {
      headers: { "content-type": "application/json", "x-device-id": "contract" },
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  };

  const { keys } = await call("/auth/v1/certs");
  const { access_token: anonymousToken } = await call("/auth/v1/signin/anonymously", {});
  const { verification_id: verificationId } = await call("/auth/v1/verification", {
    phone_number: "+86 13800000000",
    target: "ANY",
  });

  const keyServer = await startKeyServer({ keys });
  const reachable = createCloudbaseAuth({ envId: "demo", endpoint });
  const keySetOnly = createCloudbaseAuth({
    envId: "demo",
    endpoint: keyServer.endpoint,
    issuers: endpoint,
    onWarning: () => {},
  });
  const unreachable = createCloudbaseAuth({
    envId: "demo",
    endpoint: `http://127.0.0.1:${await closedPort()}`,
    issuers: endpoint,
    onWarning: () => {},
  });

  const revokedToken = await emulator.issueToken({ sub: person, jti: "revoked" });
  await reachable.client.revoke({ accessToken: revokedToken });

  return {
    token: (claims) => emulator.issueToken({ sub: person, ...claims }),
    anonymousToken: String(anonymousToken),
    revokedToken,
    foreignToken: await foreign.issueToken({ sub: person }),
    verificationId: String(verificationId),
    forger: createForger(keys as readonly JsonWebKey[]),
    issuer: endpoint,
    nowSeconds: Math.floor(emulator.clock.now() / 1_000),
    reachable,
    unreachable,
    keySetOnly,
    async close() {
      const opened = [reachable, unreachable, keySetOnly, keyServer, emulator, foreign];
      await Promise.all(opened.map((one) => one.close()));
    },
  };
}

/** What is left of the Auth API where everything but the key set is down. */
async function startKeyServer(keySet: object): Promise<{ readonly endpoint: string; close(): Promise<void> }> {
  const server = createHttpServer((request, response) => {
    response.setHeader("content-type", "application/json");
    if (request.url?.startsWith("/auth/v1/certs")) response.end(JSON.stringify(keySet));
    else response.writeHead(503).end("{}");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, "close");
      server.close().closeAllConnections();
      await closed;
    },
  };
}

/** A port of loopback where nobody listens. */
function closedPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 1));
    });
  });
}
