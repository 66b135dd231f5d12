import { cloudbaseAuth, publicRoute, requireUser } from "@cloudbase-auth/express";
import express from "express";

export const app: express.Express = express();
app.use(cloudbaseAuth());
app.get("/health", publicRoute(), (_request, response) => void response.json("ok"));
app.get("/me", requireUser({ scopes: ["user"] }), (_request, response) => void response.json("me"));
app.get("/forgotten", (_request, response) => void response.json("anybody"));

console.log("a line that the application prints");
app.listen(1); // a port that nobody may take: what looks at the routes must not even try
