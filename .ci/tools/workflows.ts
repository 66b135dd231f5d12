// node .ci/tools/workflows.ts: reads .github/workflows and says what in them could be turned against the project.
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";

const folder = resolve(import.meta.dirname, "../../.github/workflows");
const files = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
const faults = files.flatMap((name) => {
  const text = readFileSync(join(folder, name), "utf8");
  const workflow: unknown = parse(text);
  return [...faultsOfText(text), ...faultsOfWorkflow(workflow)].map((fault) => `${name}: ${fault}`);
});
for (const fault of faults) console.log(fault);
console.log(`${String(files.length)} workflows, ${String(faults.length)} faults`);
process.exitCode = faults.length === 0 && files.length > 0 ? 0 : 1;

/** What only the text shows: a digest, and beside it the version that it is for. */
function faultsOfText(text: string): readonly string[] {
  return [...text.matchAll(/^\s*(?:- )?uses:\s*(.+)$/gm)].flatMap(([, use = ""]) =>
    /^[\w.-]+(?:\/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(use)
      ? []
      : [`not pinned by digest and version: ${use}`],
  );
}

function faultsOfWorkflow(workflow: unknown): readonly string[] {
  const permissions = recordAt(workflow, "permissions");
  const triggers = Object.keys(recordAt(workflow, "on") ?? {});
  return [
    ...(permissions !== undefined && Object.keys(permissions).length === 0
      ? []
      : ["permissions at the top are not {}"]),
    ...triggers
      .filter((name) => ["pull_request_target", "workflow_run"].includes(name))
      .map((name) => `runs on ${name}`),
    ...Object.entries(recordAt(workflow, "jobs") ?? {}).flatMap(([name, job]) =>
      [...faultsOfJob(job), ...stepsOf(job).flatMap(faultsOfStep)].map((fault) => `${name}: ${fault}`),
    ),
  ];
}

function faultsOfJob(job: unknown): readonly string[] {
  const timeout = at(job, "timeout-minutes");
  return [
    ...(recordAt(job, "permissions") === undefined ? ["says no permissions"] : []),
    ...(typeof timeout === "number" ? [] : ["has no timeout"]),
  ];
}

function faultsOfStep(step: unknown): readonly string[] {
  const uses = at(step, "uses");
  const run = at(step, "run");
  const isCheckout = typeof uses === "string" && uses.startsWith("actions/checkout@");
  return [
    ...(isCheckout && at(at(step, "with"), "persist-credentials") !== false ? ["a checkout leaves credentials"] : []),
    // What an expression brings would be read by the shell; an environment variable is not.
    ...(typeof run === "string" && run.includes("${{")
      ? [`an expression in a script: ${run.split("\n")[0] ?? ""}`]
      : []),
  ];
}

function stepsOf(job: unknown): readonly unknown[] {
  const steps = at(job, "steps");
  return Array.isArray(steps) ? steps : [];
}

function at(value: unknown, key: string): unknown {
  const inner: unknown = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  return inner;
}

function recordAt(value: unknown, key: string): Readonly<Record<string, unknown>> | undefined {
  const inner = at(value, key);
  return typeof inner === "object" && inner !== null ? Object.fromEntries(Object.entries(inner)) : undefined;
}
