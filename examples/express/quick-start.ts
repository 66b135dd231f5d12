import express from "express";
import { cloudbaseAuth, problemDetails, requireUser } from "@cloudbase-auth/express";

const app = express();
app.use(cloudbaseAuth()); // whose users: CLOUDBASE_ENV_ID

app.get("/", (_req, res) => void res.send("Everybody may read this."));
app.get("/me", requireUser(), (req, res) => void res.json(req.user));
app.get("/admin", requireUser({ groups: ["admin"] }), (_req, res) => void res.send("Welcome."));

app.use(problemDetails());
app.listen(Number(process.env.PORT ?? 3000));
