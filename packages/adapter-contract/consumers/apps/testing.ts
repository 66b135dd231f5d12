import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { createTestAuth } from "@cloudbase-auth/testing";
import { portOf } from "./say.ts";

async function main(): Promise<void> {
  const testAuth = await createTestAuth();
  const token: string = await testAuth.issueToken({ id: "consumer-1" });
  const auth = createCloudbaseAuth(testAuth.options);
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: portOf(server), token })));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const result = await auth.authenticate(request);
    const refusal = await auth.authorize(result);
    if (refusal) response.writeHead(refusal.status, refusal.headers).end(refusal.message);
    else response.end(JSON.stringify({ id: result.user?.id }));
  }
}
void main();
