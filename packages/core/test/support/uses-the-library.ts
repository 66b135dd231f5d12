// Run as a process of its own: uses an instance as an application does and must then end by itself.
import { createCloudbaseAuth } from "../../src/index.ts";

const [endpoint = "", token = "", close] = process.argv.slice(2);
const auth = createCloudbaseAuth({ envId: "demo", endpoint, now: () => 1_800_000_000_000 });
const { auth: how } = await auth.authenticate({ headers: { authorization: `Bearer ${token}` } });
console.log(how.state);
if (close === "close") await auth.close();
