import { subscribe } from "node:diagnostics_channel";
import { logSerializers } from "@cloudbase-auth/core";
import type { DiagnosticsEvents } from "@cloudbase-auth/core";
import { instrument } from "@cloudbase-auth/core/opentelemetry";
import { cloudbaseAuth, problemDetails, requireUser } from "@cloudbase-auth/fastify";
import Fastify from "fastify";

// Metrics and spans, for the OpenTelemetry SDK that the process was started with; nothing where there is none.
instrument();

// Without tokens, cookies and secrets, whatever is logged.
const app = Fastify({ logger: { serializers: logSerializers } });
app.setErrorHandler(problemDetails());
await app.register(cloudbaseAuth); // whose users: CLOUDBASE_ENV_ID

// What becomes of each request; nobody pays for what nobody listens to.
subscribe("cloudbase-auth:rejected", (message) => {
  const { code, reason, environment } = message as DiagnosticsEvents["cloudbase-auth:rejected"];
  app.log.warn({ code, reason, environment }, "a token was refused");
});
subscribe("cloudbase-auth:denied", (message) => {
  const { code, explanation } = message as DiagnosticsEvents["cloudbase-auth:denied"];
  app.log.info({ code, explanation }, "a guard refused a request");
});

app.get("/reports", { onRequest: requireUser({ groups: ["admin"] }) }, (request) => {
  request.log.info({ auth: request.auth }, "reports were read");
  return [];
});

await app.listen({ port: Number(process.env.PORT ?? 3000) });
