import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";

const PATH = `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}`;
const env = { ...process.env, PATH };
const help = execFileSync(join("node_modules/.bin", "cloudbase-auth"), ["--help"], { env, encoding: "utf8" });
if (!help.includes("doctor")) throw new Error(`the help does not name what there is: ${help}`);
