import express from "express";
import { assertRoutesDeclared, cloudbaseAuth, describeRoutes, formatRoutes } from "@cloudbase-auth/express";
import { getUser, problemDetails, publicRoute, requireUser } from "@cloudbase-auth/express";

const app = express();
app.use(cloudbaseAuth());

app.get("/health", publicRoute(), (_req, res) => void res.json("ok"));
app.get(
  "/me",
  requireUser().handler((req, res) => void res.json(req.user.id)),
);

const admin = express.Router();
admin.use(requireUser({ groups: ["admin"] }));
admin.get("/reports", (req, res) => void res.json(getUser(req).id));
app.use("/admin", admin);

app.use(problemDetails());
assertRoutesDeclared(app); // throws, naming every route that does not say who may call it
console.log(formatRoutes(describeRoutes(app)));
app.listen(Number(process.env.PORT ?? 3000));
