// The command as npm puts it into node_modules/.bin: the emulator in a process of its own, asked by all the others.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const command = "node_modules/.bin/cloudbase-auth";
const run = promisify(execFile);
const emulator = spawn(command, ["emulator", "--env", "demo", "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
try {
  let endpoint;
  for await (const line of createInterface(emulator.stdout)) {
    endpoint = /CLOUDBASE_AUTH_ENDPOINT=(\S+)/.exec(line)?.[1];
    if (endpoint !== undefined) break;
  }
  emulator.stdout.resume();
  const variables = {
    CLOUDBASE_ENV_ID: "demo",
    CLOUDBASE_AUTH_ENDPOINT: endpoint,
    XDG_STATE_HOME: process.cwd() + "/state",
  };
  const env = { ...process.env, ...variables };
  const doctor = JSON.parse((await run(command, ["doctor", "--json"], { env })).stdout);
  assert.equal(doctor.ok, true);
  const { stdout: token } = await run(command, ["login", "anonymous", "--print"], { env });
  const explained = JSON.parse((await run(command, ["explain", "--json", token.trim()], { env })).stdout);
  assert.equal(explained.verdict, "accepted");
  assert.match((await run(command, ["introspect"], { env })).stdout, /valid/);
  await run(command, ["revoke"], { env });
  await assert.rejects(run(command, ["introspect", token.trim()], { env }), { code: 1 });
  console.log(
    `cli: ${doctor.checks.map(({ name, outcome }) => `${name} ${outcome}`).join(", ")}; ${explained.verdict}`,
  );
} finally {
  emulator.kill();
}
