import { cloudbaseAuth, guardScope, optionalUser, requireUser } from "@cloudbase-auth/fastify";
import type { SignedIn } from "@cloudbase-auth/fastify";
import Fastify from "fastify";
import type { FastifyRequest } from "fastify";

const app = Fastify();
await app.register(cloudbaseAuth, { everyRoute: true });

// The guard is not in the handler's type, so the user may be absent.
app.get("/1", { onRequest: requireUser() }, (request) => request.user.id);
app.get("/2", { config: { auth: {} } }, (request) => request.auth.token);

// Nobody has made sure that there is a user.
const show = (request: FastifyRequest & SignedIn) => request.user.id;
app.get("/3", show);
app.get("/4", optionalUser().handler(show));

// What is shared between requests is not to be written to.
app.get(
  "/5",
  requireUser().handler((request) => request.user.scopes.push("all")),
);

// Words that do not exist.
app.get("/6", { config: { auth: "private" } }, () => "");
app.get("/7", { onRequest: requireUser({ scope: ["read"] }) }, () => "");
guardScope(app, { group: ["admin"] });
