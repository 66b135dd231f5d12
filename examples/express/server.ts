import { createApp } from "./app.ts";

const host = process.env.HOST ?? "127.0.0.1";
const port = Number(process.env.PORT ?? 3001);
const server = createApp().listen(port, host, (error) => {
  if (error) {
    console.error(`The Express example cannot listen on ${host}:${port} (${error.message}); set PORT to a free one.`);
    process.exit(1);
  }
  const address = server.address();
  console.log(`Express example: http://${host}:${typeof address === "object" ? address?.port : port}`);
});

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
