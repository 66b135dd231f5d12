// Run as a process of its own: servers on each adapter, two of each, whose memory can be asked for.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { adapters } from "./adapters.ts";
import { envId } from "./issuer.ts";

const [endpoint = ""] = process.argv.slice(2);
const ports: Record<string, number> = {};

for (const { name, start } of adapters) {
  for (const mode of ["local", "introspection"] as const) {
    const auth = createCloudbaseAuth({ envId, endpoint, verification: { mode }, onWarning: () => undefined });
    ports[`${name}, ${mode}`] = (await start(auth)).port;
  }
}

const memory = createServer((_request, response) => {
  const { heapUsed } = process.memoryUsage();
  const body = JSON.stringify({ heapUsed, peak: process.resourceUsage().maxRSS * 1_024 });
  response.setHeader("content-length", body.length).end(body);
}).listen(0, "127.0.0.1", () => {
  ports["memory"] = (memory.address() as AddressInfo).port;
  console.log(JSON.stringify(ports));
});
