import express from "express";
import { authRoutes, cloudbaseAuth, createCloudbaseAuth, problemDetails, requireUser } from "@cloudbase-auth/express";
import { createSessions } from "@cloudbase-auth/sessions";

const { SESSION_SECRET: secret = "", ORIGIN: origin = "http://127.0.0.1:3000", PORT = "3000" } = process.env;
const sessions = createSessions({ auth: createCloudbaseAuth(), secret, origin });

const app = express();
app.use("/auth", authRoutes(sessions)); // POST /auth/signin, /auth/signout, GET /auth/me, …
app.use(cloudbaseAuth({ session: sessions }));
app.get("/orders", requireUser(), (req, res) => void res.json({ ordersOf: req.user?.id }));
app.use(problemDetails());
app.listen(Number(PORT));
