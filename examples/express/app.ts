import express from "express";
import { cloudbaseAuth, optionalUser, problemDetails, requireUser } from "@cloudbase-auth/express";
import type { AdapterInput } from "@cloudbase-auth/express";

/** The application without a port, so that tests can have one of their own: `app.test.ts`. */
export function createApp(auth?: AdapterInput): express.Express {
  const app = express();
  app.disable("x-powered-by");

  // Finds out who is calling and refuses nobody; CLOUDBASE_ENV_ID says which environment's users are ours.
  app.use(cloudbaseAuth(auth));

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
  return app;
}
