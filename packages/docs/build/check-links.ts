import { globSync, readFileSync } from "node:fs";

/**
 * VitePress fails on links to pages that are not there. This fails on the rest: a `#place` that is not on its page, and
 * anything that a browser would fetch from another host.
 */
const site = new URL("../.vitepress/dist/", import.meta.url);
const pages: ReadonlyMap<string, string> = new Map(
  globSync("**/*.html", { cwd: site }).map((file) => {
    const html = readFileSync(new URL(file, site), "utf8");
    return [`/${file.replace(/(?:index)?\.html$/, "")}`, html] as const;
  }),
);
const idsOf = (html: string): ReadonlySet<string> =>
  new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id = ""]) => id));
const ids = new Map([...pages].map(([path, html]) => [path, idsOf(html)]));
const found: string[] = [];

for (const [path, html] of pages) {
  for (const [, href = ""] of html.matchAll(/<a [^>]*?href="([^"]+)"/g)) {
    const target = new URL(href, new URL(path, "http://site"));
    if (target.host !== "site" || target.hash === "") continue;
    if (!ids.get(target.pathname)?.has(decodeURIComponent(target.hash.slice(1))))
      found.push(`${path}: ${href} leads nowhere`);
  }
  for (const [, address = ""] of html.matchAll(
    /<(?:script|img|link|iframe)[^>]+?(?:src|href)="((?:https?:)?\/\/[^"]+)"/g,
  )) {
    found.push(`${path}: ${address} is fetched from elsewhere`);
  }
}
for (const line of found) console.error(line);
console.log(`${String(pages.size)} pages, ${String(found.length)} links that lead nowhere`);
process.exitCode = found.length === 0 ? 0 : 1;
