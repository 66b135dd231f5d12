// Preloaded by a test of the tour: one server whose clock is four hours ahead takes every token for expired.
if (process.argv[1]?.endsWith("koa/server.ts") === true) {
  const { now } = Date;
  Date.now = () => now() + 4 * 3_600_000;
}
