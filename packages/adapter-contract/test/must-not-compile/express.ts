import { optionalUser, requireUser } from "@cloudbase-auth/express";
import type { SignedIn } from "@cloudbase-auth/express";
import express from "express";
import type { Request, Response } from "express";

const app = express();

// The guard is not in the handler's type, so the user may be absent.
app.get("/1", requireUser(), (req, res) => void res.json(req.user.id));
app.get("/2", requireUser(), (req, res) => void res.json(req.auth.token));

// Nobody has made sure that there is a user.
const show = (req: Request & SignedIn, res: Response) => void res.json(req.user.id);
app.get("/3", show);
app.get("/4", optionalUser().handler(show));

// What is shared between requests is not to be written to.
app.get(
  "/5",
  requireUser().handler((req) => void (req.user.groups.push("admin"), (req.user.id = "root"))),
);

// A requirement that would never be asked.
app.get("/6", requireUser({ scope: ["read"] }), (_req, res) => void res.json());
app.get("/7", requireUser({ anonymous: "yes" }), (_req, res) => void res.json());
