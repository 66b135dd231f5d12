import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, inject } from "vitest";
import { serveSite } from "./serve-site.ts";

export const folder = new URL("../.vitepress/dist/", import.meta.url).pathname;
export const screens = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } } as const;

/** The built site and a browser, for the tests of a file. */
export interface OpenSite {
  readonly origin: () => string;
  /** A page that notes what it should not do. */
  readonly open: (found: string[]) => Promise<Page>;
}

export function useSite(): OpenSite {
  let browser: Browser;
  let site: Awaited<ReturnType<typeof serveSite>>;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: inject("chromium"), args: ["--no-sandbox", "--disable-gpu"] });
    site = await serveSite(folder);
  });
  afterAll(async () => {
    await browser.close();
    site.close();
  });
  return {
    origin: () => site.origin,
    async open(found) {
      const page = await browser.newPage({ reducedMotion: "reduce" });
      page.on("console", (message) => {
        if (message.type() === "error") found.push(`${page.url()}: ${message.text()}`);
      });
      page.on("pageerror", (error) => found.push(`${page.url()}: ${error.message}`));
      page.on("request", (request) => {
        if (!request.url().startsWith(site.origin) && !request.url().startsWith("data:")) found.push(request.url());
      });
      return page;
    },
  };
}
