import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { createRedisStores } from "@cloudbase-auth/redis";
import { Redis } from "ioredis";
import { portOf } from "./say.ts";

// Nobody listens there: what is promised of bearer requests without a Redis has to hold in a consumer too.
const client = new Redis({ host: "127.0.0.1", port: 1, lazyConnect: true });
const { revocations, refreshes } = createRedisStores(client, { onWarning() {} });
const auth = createCloudbaseAuth({
  revocation: { store: revocations },
  refresh: { coordinator: refreshes },
  onWarning() {},
});
const server = createServer((request, response) => void answer(request, response));
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: portOf(server) })));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const result = await auth.authenticate(request);
  const refusal = await auth.authorize(result);
  if (refusal) response.writeHead(refusal.status, refusal.headers).end(refusal.message);
  else response.end(JSON.stringify({ id: result.user?.id }));
}
