// Preloaded into the example servers: when the tour is gone, however it went, they go too.
process.once("disconnect", () => process.exit());
