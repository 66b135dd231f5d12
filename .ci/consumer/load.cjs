// Opens every door of every installed package of ours by require and by import: both must give the same things.
const { readdirSync } = require("node:fs");

const doors = readdirSync("node_modules/@cloudbase-auth").flatMap((name) => {
  const { exports, sideEffects } = require(`@cloudbase-auth/${name}/package.json`);
  const acting = JSON.stringify(sideEffects); // those that are there for what they do, not for what they export
  return Object.keys(exports)
    .filter(
      (door) => !["./package.json", "./opentelemetry"].includes(door) && !acting.includes(`./dist${door.slice(1)}.js`),
    )
    .map((door) => `@cloudbase-auth/${name}${door.slice(1)}`);
});

(async () => {
  for (const name of doors) {
    const required = require(name);
    const imported = await import(name);
    const door = Object.keys(imported).filter((key) => !["default", "module.exports", "__esModule"].includes(key));
    if (door.length === 0 || door.some((key) => required[key] !== imported[key]))
      throw new Error(`${name}: require and import differ`);
    console.log(`${name}: ${door.join(", ")}`);
  }
})();
