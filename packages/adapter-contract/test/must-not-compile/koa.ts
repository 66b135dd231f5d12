import { cloudbaseAuth, optionalUser, requireUser } from "@cloudbase-auth/koa";
import type { CloudbaseState } from "@cloudbase-auth/koa";
import Koa from "koa";

const app = new Koa<CloudbaseState>();
app.use(cloudbaseAuth());

// The guard is not in the handler's type, so the user may be absent.
app.use(requireUser());
app.use((ctx) => void (ctx.body = ctx.state.user.id));
app.use((ctx) => void (ctx.body = ctx.state.auth.token));

// Nobody has made sure that there is a user.
app.use(optionalUser().handler((ctx: Koa.Context) => ctx.state));

// What is shared between requests is not to be written to.
app.use(requireUser().handler((ctx) => void ctx.state.user.roles.push("owner")));

// A requirement that would never be asked.
app.use(requireUser({ scope: ["read"] }));
