import express from "express";
import { cloudbaseAuth, isAuthError, publicRoute, requireScopes, requireUser } from "@cloudbase-auth/express";

const app = express();
app.use(cloudbaseAuth()); // instead of expressjwt({ secret: expressJwtSecret(…), algorithms, issuer, audience })

app.get("/health", publicRoute(), (_req, res) => void res.json({ ok: true })); // instead of .unless({ path: ["/health"] })
app.get("/me", requireUser(), (req, res) => void res.json({ id: req.user?.id })); // was req.auth.sub
app.get("/reports", requireScopes("reports"), (_req, res) => void res.json([])); // was express-jwt-permissions

// Instead of err.name === "UnauthorizedError". The headers are the challenge, and Retry-After of a 503.
app.use(((error, _req, res, next) => {
  if (!isAuthError(error)) return next(error);
  res.status(error.status).set(error.headers).json({ code: error.code });
}) satisfies express.ErrorRequestHandler);
app.listen(Number(process.env.PORT ?? 3000));
