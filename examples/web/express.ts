import express from "express";
import { authRoutes, cloudbaseAuth, problemDetails, requireUser } from "@cloudbase-auth/express";
import { readPage } from "./page.ts";
import { openSessions } from "./sessions.ts";

const host = process.env.HOST ?? "127.0.0.1";
const port = Number(process.env.PORT ?? 3006);
const sessions = openSessions(`http://${host}:${port}`);
const app = express();
app.disable("x-powered-by");

// Sign-in, sign-up, sign-out and all the rest.
app.use("/auth", authRoutes(sessions));

// From here on req.user is whoever is signed in by the cookie, and no other site can send what changes something.
app.use(cloudbaseAuth({ session: sessions }));

// A route of your own; the page shows what it answers.
app.get("/api/me", requireUser({ anonymous: "allow" }), (req, res) => {
  res.json({ id: req.user?.id, isAnonymous: req.user?.isAnonymous });
});

for (const [path, { headers, body }] of readPage("Express")) {
  app.get(path, (_req, res) => void res.set(headers).send(body));
}

app.use(problemDetails());

const server = app.listen(port, host, (error) => {
  if (error) {
    console.error(`The page cannot listen on ${host}:${port} (${error.message}); set PORT to a free one.`);
    process.exit(1);
  }
  console.log(`The page, by Express: http://${host}:${port}`);
});

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    server.close();
    server.closeIdleConnections();
    // A refresh token that is being exchanged is spent already: it takes the answer to go on. Five seconds at most.
    void sessions.auth.close().then(() => process.exit(0));
  });
}
