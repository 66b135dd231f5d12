import Koa from "koa";
import { cloudbaseAuth, problemDetails, requireUser, type CloudbaseState } from "@cloudbase-auth/koa";

const app = new Koa<CloudbaseState>();
app.use(problemDetails());
app.use(cloudbaseAuth()); // whose users: CLOUDBASE_ENV_ID

app.use(requireUser()); // everything below needs a signed-in user
app.use((ctx) => {
  ctx.body = ctx.state.user;
});
app.listen(Number(process.env.PORT ?? 3000));
