// Writes the address of the repository that the workflow runs in into the manifest of every public package.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const { GITHUB_SERVER_URL: server = "https://github.com", GITHUB_REPOSITORY: repository } = process.env;
if (repository === undefined) throw new Error("GITHUB_REPOSITORY is not set: this is for the release workflow");
const address = `${server}/${repository}`;
const packages = resolve(import.meta.dirname, "../../packages");

for (const name of readdirSync(packages)) {
  const file = join(packages, name, "package.json");
  const manifest: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (typeof manifest !== "object" || manifest === null || ("private" in manifest && manifest.private === true))
    continue;
  const where = {
    homepage: `${address}/tree/main/packages/${name}#readme`,
    bugs: `${address}/issues`,
    repository: { type: "git", url: `git+${address}.git`, directory: `packages/${name}` },
  };
  writeFileSync(file, `${JSON.stringify({ ...manifest, ...where }, null, 2)}\n`);
}
