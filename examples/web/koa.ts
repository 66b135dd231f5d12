import Koa from "koa";
import { authRoutes, cloudbaseAuth, problemDetails, requireUser } from "@cloudbase-auth/koa";
import type { CloudbaseState } from "@cloudbase-auth/koa";
import { Router } from "@koa/router";
import { readPage } from "./page.ts";
import { openSessions } from "./sessions.ts";

const host = process.env.HOST ?? "127.0.0.1";
const port = Number(process.env.PORT ?? 3007);
const sessions = openSessions(`http://${host}:${port}`);
const app = new Koa<CloudbaseState>();
const router = new Router<CloudbaseState>();

app.use(problemDetails());

// Sign-in, sign-up, sign-out and all the rest, below /auth.
app.use(authRoutes(sessions));

// From here on ctx.state.user is whoever is signed in by the cookie, and no other site can send what changes something.
app.use(cloudbaseAuth({ session: sessions }));

// A route of your own; the page shows what it answers.
router.get("/api/me", requireUser({ anonymous: "allow" }), (ctx) => {
  const { user } = ctx.state;
  ctx.body = { id: user?.id, isAnonymous: user?.isAnonymous };
});

for (const [path, { headers, body }] of readPage("Koa")) {
  router.get(path, (ctx) => {
    ctx.set(headers);
    ctx.body = body;
  });
}

app.use(router.routes());

const server = app.listen(port, host, () => console.log(`The page, by Koa: http://${host}:${port}`));

server.on("error", (error) => {
  console.error(`The page cannot listen on ${host}:${port} (${error.message}); set PORT to a free one.`);
  process.exit(1);
});

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    server.close();
    server.closeIdleConnections();
    // A refresh token that is being exchanged is spent already: it takes the answer to go on. Five seconds at most.
    void sessions.auth.close().then(() => process.exit(0));
  });
}
