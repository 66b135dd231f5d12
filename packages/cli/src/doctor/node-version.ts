import { failed, ok } from "../terminal/checklist.ts";
import type { Outcome } from "../terminal/checklist.ts";

/** `engines` of all packages. */
const oldest = [22, 19] as const;

export function checkNode(version = process.versions.node): Outcome {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return ok(version);
  return failed(`${version} is older than ${oldest.join(".")}`, "Install a Node.js that is still maintained.");
}
