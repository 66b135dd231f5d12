import express from "express";
import { cloudbaseAuth, optionalUser, problemDetails, requireUser } from "@cloudbase-auth/express";

const host = process.env.HOST ?? "127.0.0.1";
const port = Number(process.env.PORT ?? 3001);
const app = express();
app.disable("x-powered-by");

// Finds out who is calling and refuses nobody; CLOUDBASE_ENV_ID says which environment's users are ours.
app.use(cloudbaseAuth());

app.get("/", (_req, res) => {
  res.json({ message: "Everybody may read this." });
});

// Absent and anonymous pass; a bad token is refused and never taken for "nobody".
app.get("/hello", optionalUser(), (req, res) => {
  const name = req.user?.isAnonymous ? "anonymous visitor" : (req.user?.name ?? req.user?.id ?? "stranger");
  res.json({ message: `Hello, ${name}.` });
});

// A signed-in person; anonymous users get 403.
app.get("/me", requireUser(), (req, res) => {
  res.json({ user: req.user });
});

app.get("/admin", requireUser({ groups: ["admin"] }), (_req, res) => {
  res.json({ message: "You are in the group admin." });
});

// Last, so that it sees the refusals of all routes: RFC 9457 bodies, and no stack in the log for each 401.
app.use(problemDetails());

const server = app.listen(port, host, (error) => {
  if (error) {
    console.error(`The Express example cannot listen on ${host}:${port} (${error.message}); set PORT to a free one.`);
    process.exit(1);
  }
  const address = server.address();
  console.log(`Express example: http://${host}:${typeof address === "object" ? address?.port : port}`);
});

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
