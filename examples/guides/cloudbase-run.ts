import express from "express";
import { cloudbaseAuth, createCloudbaseAuth, problemDetails, requireUser } from "@cloudbase-auth/express";

const auth = createCloudbaseAuth(); // CLOUDBASE_ENV_ID is among the service's environment variables
const app = express();
app.get("/health", (_req, res) => void res.json({ ok: true })); // in front: whoever asks this has no token
app.use(cloudbaseAuth(auth));

app.get("/me", requireUser(), (req, res) => void res.json(req.user));

app.use(problemDetails());
const server = app.listen(Number(process.env.PORT ?? 80), "0.0.0.0");

// A version that goes answers what it has begun.
process.once("SIGTERM", () => {
  server.close(() => void auth.close());
  server.closeIdleConnections();
});
