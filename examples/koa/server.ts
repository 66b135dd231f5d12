import { createApp } from "./app.ts";

const host = process.env.HOST ?? "127.0.0.1";
const port = Number(process.env.PORT ?? 3002);

const server = createApp().listen(port, host, () => {
  const address = server.address();
  console.log(`Koa example: http://${host}:${typeof address === "object" ? address?.port : port}`);
});

server.on("error", (error) => {
  console.error(`The Koa example cannot listen on ${host}:${port} (${error.message}); set PORT to a free one.`);
  process.exit(1);
});

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
