/** A process of an application: what it is asked to do comes from its parent, as in a request. Started by fork. */
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { listOf } from "../../src/script.ts";
import { clientLibraries } from "./clients.ts";
import { createPatientStores } from "./patient-stores.ts";

const [library, url = "", endpoint = ""] = process.argv.slice(2);
const app = await clientLibraries[library === "redis" ? "redis" : "ioredis"](url);
const stores = createPatientStores(app.client);
const auth = createCloudbaseAuth({
  ...{ envId: "demo", endpoint, client: { timeoutMs: 2_000 } },
  revocation: { store: stores.revocations },
  refresh: { coordinator: stores.refreshes },
});
const asking = createCloudbaseAuth({
  ...{ envId: "demo", endpoint },
  verification: { mode: "introspection", cache: stores.introspections },
});

async function stateOf(token: string, instance = auth): Promise<string> {
  return (await instance.authenticate({ headers: { authorization: `Bearer ${token}` } })).auth.state;
}

const tasks: Readonly<Record<string, (token: string) => Promise<unknown>>> = {
  stateOf,
  stateByServer: (token) => stateOf(token, asking),
  refresh: (token) => auth.refresh(token),
  revoke: (token) => auth.revoke(token),
  async untilRejected(token) {
    while ((await stateOf(token)) !== "rejected") await new Promise((resolve) => setTimeout(resolve, 5));
    return Date.now();
  },
  endAll: (owner) => stores.sessions.deleteAll(owner),
  load: (id) => stores.sessions.load(id),
  async close() {
    await auth.close();
    await asking.close();
    await app.close(); // and with it everything else: nothing keeps this process alive
    process.disconnect();
  },
};

process.on("message", (message: unknown) => {
  const [id, task, token] = listOf(message);
  const run = tasks[String(task)];
  if (run === undefined) return;
  run(String(token)).then(
    (answer) => process.connected && process.send?.([id, answer]),
    (error: unknown) => process.connected && process.send?.([id, undefined, String(error)]),
  );
});
await auth.ready();
process.send?.(["ready"]);
