// Runs its argument as a person would paste it into a terminal.
import { spawnSync } from "node:child_process";

const { status } = spawnSync("bash", ["-c", process.argv[2] ?? ""], { stdio: ["ignore", "inherit", "inherit"] });
process.exitCode = status ?? 1;
