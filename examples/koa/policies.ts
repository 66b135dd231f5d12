import { Router } from "@koa/router";
import Koa from "koa";
import type { Context } from "koa";
import { all, any, cloudbaseAuth, explain, not, problemDetails, requireUser } from "@cloudbase-auth/koa";
import type { Check, CloudbaseState } from "@cloudbase-auth/koa";

const authors = new Map([["7", "1001"]]); // of posts; a table of your own

// A question of your own, answered at once or later; `false` is 403, what it throws is 500.
const isAuthor: Check<Context> = async (user, _auth, ctx) => authors.get(String(ctx["params"].id)) === user.id;

const mayEdit = all(
  { scopes: ["posts"] },
  any({ groups: ["editors"] }, { check: isAuthor }),
  not({ groups: ["suspended"] }),
);

const router = new Router<CloudbaseState>();
router.put("/posts/:id", requireUser(mayEdit), (ctx) => void (ctx.body = { saved: ctx.params["id"] }));

// The same decision as data, for a button. It has each condition too: for your log and not for the client.
router.get("/posts/:id/may-edit", requireUser(), async (ctx) => {
  const { held, requirement } = await explain(ctx.state, mayEdit, ctx);
  if (held !== true) console.log(JSON.stringify(requirement));
  ctx.body = { mayEdit: held === true };
});

// Asks the server too, unless it said so within a minute: a token that was revoked there is refused.
router.delete("/account", requireUser({ freshSeconds: 60 }), (ctx) => void (ctx.status = 204));

const app = new Koa<CloudbaseState>();
app.use(problemDetails()).use(cloudbaseAuth()); // whose users: CLOUDBASE_ENV_ID
app.use(router.routes());
app.listen(Number(process.env.PORT ?? 3000));
