import { createApp } from "./app.ts";

const host = process.env.HOST ?? "127.0.0.1";
const port = Number(process.env.PORT ?? 3003);
const app = await createApp();

try {
  console.log(`Fastify example: ${await app.listen({ port, host })}`);
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  console.error(`The Fastify example cannot listen on ${host}:${port} (${reason}); set PORT to a free one.`);
  process.exit(1);
}

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    void app.close().then(() => process.exit(0));
  });
}
