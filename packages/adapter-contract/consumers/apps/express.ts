import express from "express";
import { cloudbaseAuth, problemDetails, requireUser } from "@cloudbase-auth/express";
import { portOf } from "./say.ts";

const app = express();
app.use(cloudbaseAuth());
app.get(
  "/",
  requireUser().handler((req, res) => void res.json({ id: req.user.id, scopes: req.auth.scopes })),
);
app.use(problemDetails());
const server = app.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: portOf(server) })));
