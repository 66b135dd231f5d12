import express from "express";
import { authRoutes, cloudbaseAuth, createCloudbaseAuth, problemDetails, requireUser } from "@cloudbase-auth/express";
import { createSessions } from "@cloudbase-auth/sessions";

const { SESSION_SECRET: secret = "", ORIGIN: origin = "http://127.0.0.1:3000", PORT = "3000" } = process.env;
const auth = createCloudbaseAuth();

const app = express();
app.use("/auth", authRoutes(createSessions({ auth, secret, origin, mode: "tokens" }))); // no cookies
app.use(cloudbaseAuth(auth));
app.get("/orders", requireUser({ anonymous: "allow" }), (req, res) => void res.json({ ordersOf: req.user?.id }));
app.use(problemDetails());
app.listen(Number(PORT));
