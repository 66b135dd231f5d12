import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";

const root = new URL("../../../", import.meta.url);

/** Where the sources can be read on the web, by the manifest of core; without it, links to sources are plain text. */
export const repository = readRepository();

/** Pages that are made from files elsewhere in the repository: the file, and its place on the site. */
export const gathered: Readonly<Record<string, string>> = {
  "packages/core/README.md": "reference/core",
  "packages/express/README.md": "reference/express",
  "packages/koa/README.md": "reference/koa",
  "packages/fastify/README.md": "reference/fastify",
  "packages/sessions/README.md": "reference/sessions",
  "packages/sessions/ROUTES.md": "reference/routes",
  "packages/redis/README.md": "reference/redis",
  "packages/emulator/README.md": "reference/emulator",
  "packages/testing/README.md": "reference/testing",
  "packages/cli/README.md": "reference/cli",
  "packages/bench/report.md": "reference/performance",
  ".github/SECURITY.md": "reference/security",
};

/** Those of {@link gathered} that this checkout has. */
export function gatheredPages(): readonly (readonly [file: string, page: string])[] {
  return Object.entries(gathered).filter(([file]) => existsSync(new URL(file, root)));
}

/**
 * What a link of a file in the repository is on the site: a page, the repository's own page of that file, or `undefined`
 * where neither is to be had. Whatever is no relative path stays.
 *
 * @throws Error for a link to a file that is not there
 */
export function addressOf(href: string, sourceFile: string): string | undefined {
  if (/^(?:[a-z]+:|#|\/)/i.test(href)) return href;
  const [path = "", anchor] = href.split("#", 2);
  const file = posix.join(posix.dirname(sourceFile), decodeURI(path)).replace(/\/$/, "");
  if (!existsSync(new URL(file, root))) throw new Error(`${sourceFile}: ${href} leads to a file that is not there`);
  const page = pageOf(file);
  const suffix = anchor === undefined ? "" : `#${anchor}`;
  if (page !== undefined) return `/${page}${suffix}`;
  return repository === undefined ? undefined : `${repository}/blob/main/${file}${suffix}`;
}

function pageOf(file: string): string | undefined {
  const present = Object.fromEntries(gatheredPages());
  const page = present[file] ?? present[`${file}/README.md`];
  if (page !== undefined) return page;
  if (file === "packages/docs" || file === "README.md") return "";
  if (!file.startsWith("packages/docs/")) return undefined;
  const own = file.slice("packages/docs/".length).replace(/(?:^|(?<=\/))index\.md$/, "");
  return own.replace(/\.md$/, "");
}

function readRepository(): string | undefined {
  const manifest: unknown = JSON.parse(readFileSync(new URL("packages/core/package.json", root), "utf8"));
  const text = JSON.stringify(manifest);
  return /"repository":[^}]*?(https:\/\/[\w./-]+?)(?:\.git)?"/.exec(text)?.[1];
}
