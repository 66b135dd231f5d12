// Preloaded into the servers under test, whose clock is moved by the test: access tokens end without a wait.
const now = Date.now;
let ahead = 0;
Date.now = () => now() + ahead;
process.on("message", (seconds) => {
  if (typeof seconds !== "number") return;
  ahead = seconds * 1_000;
  process.send?.("moved");
});
// When the test is gone, however it went, the server goes too.
process.once("disconnect", () => process.exit());
