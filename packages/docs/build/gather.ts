import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { gatheredPages } from "./addresses.ts";

const root = new URL("../../../", import.meta.url);
const site = new URL("../", import.meta.url);

/** Brings what other folders say of themselves onto the site, unchanged; links find their way in `.vitepress/links.ts`. */
rmSync(new URL("reference", site), { recursive: true, force: true });
mkdirSync(new URL("reference/api", site), { recursive: true });

for (const [file, page] of gatheredPages()) {
  const text = readFileSync(new URL(file, root), "utf8");
  writeFileSync(new URL(`${page}.md`, site), `---\nsource: ${file}\neditLink: false\n---\n\n${text}`);
}
copyFileSync(new URL("packages/bench/chart.svg", root), new URL("reference/chart.svg", site));
console.log(`${String(gatheredPages().length)} pages gathered`);
