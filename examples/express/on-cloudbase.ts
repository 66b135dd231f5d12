import express from "express";
import { cloudbaseAuth, fromCloudbaseContext, problemDetails, requireUser } from "@cloudbase-auth/express";

const app = express();
// Only behind CloudBase's gateway, which puts the caller's access token into X-Cloudbase-Context; verified as any other.
app.use(cloudbaseAuth({ credentials: [fromCloudbaseContext()] }));

app.get("/me", requireUser(), (req, res) => void res.json(req.user));

app.use(problemDetails());
app.listen(Number(process.env.PORT ?? 3000));
