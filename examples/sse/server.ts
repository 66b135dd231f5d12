import express from "express";
import { createCloudbaseAuth } from "@cloudbase-auth/core";
import { cloudbaseAuth, problemDetails, requireUser } from "@cloudbase-auth/express";

const host = process.env.HOST ?? "127.0.0.1";
const port = Number(process.env.PORT ?? 3005);
const auth = createCloudbaseAuth(); // whose users: CLOUDBASE_ENV_ID
const app = express();
app.disable("x-powered-by");
app.use(cloudbaseAuth(auth));

app.get("/time", requireUser({ anonymous: "allow" }), (req, res) => {
  res.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  const tell = () => void res.write(`data: ${new Date().toISOString()}\n\n`);
  const ticking = setInterval(tell, 1_000);
  tell();

  // The stream ends when the token does, or is revoked; the client comes back with a new one.
  const watch = auth.watch(req);
  watch.signal.addEventListener("abort", () => res.end("event: signed-out\ndata:\n\n"));
  res.on("close", () => {
    watch.stop();
    clearInterval(ticking);
  });
});

// Everywhere, for this user: what is open ends, and no token that was issued up to now is taken.
app.post("/sign-out", requireUser({ anonymous: "allow" }), async (req, res) => {
  if (req.user) await auth.revokeUser(req.user.id);
  res.status(204).end();
});

app.use(problemDetails());

const server = app.listen(port, host, (error) => {
  if (error) {
    console.error(`The SSE example cannot listen on ${host}:${port} (${error.message}); set PORT to a free one.`);
    process.exit(1);
  }
  const address = server.address();
  console.log(`SSE example: http://${host}:${typeof address === "object" ? address?.port : port}`);
});

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
