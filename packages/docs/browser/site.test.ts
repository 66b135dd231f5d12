import { globSync, mkdirSync } from "node:fs";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { serveSite } from "./serve-site.ts";

const folder = new URL("../.vitepress/dist/", import.meta.url).pathname;
const artifacts = new URL("artifacts/", import.meta.url).pathname;
const pages = globSync("**/*.html", { cwd: folder })
  .filter((file) => file !== "404.html")
  .map((file) => `/${file.replace(/(?:index)?\.html$/, "")}`)
  .toSorted();
const screens = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } } as const;
const looked = [
  "/",
  "/zh/",
  "/start/express",
  "/zh/start/koa",
  "/how-it-works",
  "/guides/sessions",
  "/reference/performance",
];

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

/** A page that notes what it should not do. */
async function open(found: string[]): Promise<Page> {
  const page = await browser.newPage({ reducedMotion: "reduce" });
  page.on("console", (message) => {
    if (message.type() === "error") found.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => found.push(`${page.url()}: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(site.origin) && !request.url().startsWith("data:")) found.push(request.url());
  });
  return page;
}

it("every page has a title and its text, fits a phone and a desktop, and asks nobody else for anything", async () => {
  expect(pages.length).toBeGreaterThan(40);
  const found: string[] = [];
  const left = [...pages];
  const work = async (): Promise<void> => {
    const page = await open(found);
    for (let path = left.shift(); path !== undefined; path = left.shift()) {
      await page.setViewportSize(screens.phone);
      await page.goto(site.origin + path);
      if (!/\w/.test((await page.title()).replace("cloudbase-auth", "x"))) found.push(`${path}: no title`);
      if ((await page.locator("h1").count()) !== 1) found.push(`${path}: not one h1`);
      for (const [name, size] of Object.entries(screens)) {
        await page.setViewportSize(size);
        const surplus = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (surplus > 0) found.push(`${path}: ${String(surplus)} px too wide on a ${name}`);
      }
    }
    await page.close();
  };
  await Promise.all([work(), work()]);
  expect(found).toEqual([]);
});

it("the search finds a page, in a dialog, without leaving the site", async () => {
  const found: string[] = [];
  const page = await open(found);
  await page.setViewportSize(screens.desktop);
  await page.goto(`${site.origin}/start/express`);
  await page.locator(".DocSearch-Button").click();
  await page.locator("#localsearch-input").fill("refresh_rejected");
  await page.locator(".results a").first().waitFor();
  await page.locator(".results a").first().click();
  await page.locator("h1").waitFor();
  expect([found, page.url() === `${site.origin}/start/express`]).toEqual([[], false]);
});

it.runIf(process.env["SCREENSHOTS"] === "1")("is looked at", async () => {
  mkdirSync(artifacts, { recursive: true });
  const page = await open([]);
  for (const path of looked) {
    for (const colorScheme of ["light", "dark"] as const) {
      for (const [name, size] of Object.entries(screens)) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(size);
        await page.goto(site.origin + path);
        await page.screenshot({
          path: `${artifacts}${path.replaceAll("/", "_")}-${name}-${colorScheme}.png`,
          fullPage: true,
        });
      }
    }
  }
});
