import { once } from "node:events";
import { answer } from "../answer.ts";
import { openPool } from "../tokens/pool.ts";
import { frameworks } from "./frameworks.ts";

// One contestant, alone in its process.
const [frameworkName, contestant = "", keyServer = ""] = process.argv.slice(2);
const framework = frameworks.find(({ name }) => name === frameworkName);
if (framework === undefined) throw new Error(`there is no framework ${String(frameworkName)}`);
const { publicKey } = openPool();
const publicPem = publicKey.export({ type: "spki", format: "pem" }).toString();
const server = await framework.serve(contestant, { publicKey, publicPem, keyServer });
server.listen(0, "127.0.0.1", 2_048); // as many may wait as a bench lets come at once
await once(server, "listening");
const address = server.address();
if (address === null || typeof address === "string") throw new Error("the server has no port");

answer({
  listen: () => ({ port: address.port }),
  cpu() {
    const { user, system } = process.cpuUsage();
    return { micros: user + system };
  },
});
