import Koa from "koa";
import { authRoutes, cloudbaseAuth, createCloudbaseAuth, problemDetails, requireUser } from "@cloudbase-auth/koa";
import type { CloudbaseState } from "@cloudbase-auth/koa";
import { createSessions } from "@cloudbase-auth/sessions";

const { SESSION_SECRET: secret = "", ORIGIN: origin = "http://127.0.0.1:3000", PORT = "3000" } = process.env;
const sessions = createSessions({ auth: createCloudbaseAuth(), secret, origin });

const app = new Koa<CloudbaseState>();
app.use(problemDetails());
app.use(authRoutes(sessions)); // below /auth
app.use(cloudbaseAuth({ session: sessions }));
app.use(requireUser());
app.use((ctx) => {
  ctx.body = { ordersOf: ctx.state.user?.id };
});
app.listen(Number(PORT));
