import Fastify from "fastify";
import { cloudbaseAuth, describeRoutes, formatRoutes } from "@cloudbase-auth/fastify";
import { getUser, guardScope, problemDetails, requireUser } from "@cloudbase-auth/fastify";

const app = Fastify();
app.setErrorHandler(problemDetails());
// A route that does not say who may call it cannot be declared.
await app.register(cloudbaseAuth, { everyRoute: "declared" });

app.get("/health", { config: { auth: "public" } }, () => ({ ok: true }));
app.get(
  "/me",
  requireUser().handler((request) => ({ id: request.user.id })),
);
app.get("/posts", { config: { auth: { scopes: ["posts"] } } }, () => []);

await app.register(async (admin) => {
  guardScope(admin, { groups: ["admin"] });
  admin.get("/admin/reports", (request) => ({ id: getUser(request).id }));
});

await app.ready();
console.log(formatRoutes(describeRoutes(app)));
await app.listen({ port: Number(process.env.PORT ?? 3000) });
