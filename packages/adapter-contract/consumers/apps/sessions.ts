import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { createSessions } from "@cloudbase-auth/sessions";
import { portOf } from "./say.ts";

const origin = "http://127.0.0.1:3000";
const sessions = createSessions({
  auth: createCloudbaseAuth(),
  secret: "of the consumers alone, 32 characters",
  origin,
});
const server = createServer((request, response) => void answer(request, response));
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: portOf(server) })));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const result = await sessions.authenticate(request);
  const refusal = await sessions.auth.authorize(result, {}, request);
  if (refusal) response.writeHead(refusal.status, refusal.headers).end(refusal.message);
  else response.end(JSON.stringify({ id: result.user?.id }));
}
