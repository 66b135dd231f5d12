import { setTimeout } from "node:timers/promises";
import Koa from "koa";
import { authContext, cloudbaseAuth, currentUser, problemDetails, requireUser } from "@cloudbase-auth/koa";

/** Knows for whom it works without being told: for logs, audit trails, and queries that are the user's own. */
async function ordersOfCurrentUser(): Promise<string[]> {
  await setTimeout(5); // the database
  return [`the order of ${currentUser()?.id ?? "nobody"}`];
}

const app = new Koa();
app.use(problemDetails()).use(cloudbaseAuth()); // whose users: CLOUDBASE_ENV_ID
app.use(authContext()).use(requireUser());
app.use(async (ctx) => {
  ctx.body = await ordersOfCurrentUser();
});
app.listen(Number(process.env.PORT ?? 3000));
