import Koa from "koa";
import { cloudbaseAuth, problemDetails, requireUser, type CloudbaseState } from "@cloudbase-auth/koa";
import { portOf } from "./say.ts";

const app = new Koa<CloudbaseState>();
app.use(problemDetails());
app.use(cloudbaseAuth());
app.use(requireUser());
app.use((ctx) => {
  ctx.body = { id: ctx.state.user?.id };
});
const server = app.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: portOf(server) })));
