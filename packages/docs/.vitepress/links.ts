import { posix } from "node:path";
import type { MarkdownOptions } from "vitepress";
import { addressOf } from "../build/addresses.ts";

type MarkdownIt = Parameters<NonNullable<MarkdownOptions["config"]>>[0];

/** What VitePress hands along with a page. */
interface PageEnvironment {
  readonly relativePath: string;
  readonly frontmatter?: { readonly source?: string };
}

/** Links are written as they work in the repository; here they become the site's. What leads nowhere becomes text. */
export function followRepositoryLinks(md: MarkdownIt): void {
  md.core.ruler.push("repository-links", ({ tokens, env }) => {
    const { relativePath, frontmatter } = env as PageEnvironment;
    if (relativePath.startsWith("reference/api/")) return;
    const source = frontmatter?.source ?? posix.join("packages/docs", relativePath);
    for (const { children } of tokens) {
      let isText = false;
      for (const token of children ?? []) {
        if (token.type === "link_open") {
          const address = addressOf(token.attrGet("href") ?? "", source);
          isText = address === undefined;
          if (address !== undefined) token.attrSet("href", address);
        }
        if (isText && token.type.startsWith("link_")) {
          token.content = token.type === "link_open" ? "<span>" : "</span>";
          token.type = "html_inline";
        }
      }
    }
  });
}
