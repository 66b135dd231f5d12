import { globSync } from "node:fs";
import { expect, it } from "vitest";
import { folder, screens, useSite } from "./open-site.ts";

const pages = globSync("**/*.html", { cwd: folder })
  .filter((file) => file !== "404.html")
  .map((file) => `/${file.replace(/(?:index)?\.html$/, "")}`)
  .toSorted();

const { open, origin } = useSite();

it("every page has a title and its text, fits a phone and a desktop, and asks nobody else for anything", async () => {
  expect(pages.length).toBeGreaterThan(40);
  const found: string[] = [];
  const left = [...pages];
  const work = async (): Promise<void> => {
    const page = await open(found);
    for (let path = left.shift(); path !== undefined; path = left.shift()) {
      await page.setViewportSize(screens.phone);
      await page.goto(origin() + path);
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
  await page.goto(`${origin()}/start/express`);
  await page.locator(".DocSearch-Button").click();
  await page.locator("#localsearch-input").fill("refresh_rejected");
  await page.locator(".results a").first().waitFor();
  await page.locator(".results a").first().click();
  await page.locator("h1").waitFor();
  expect([found, page.url() === `${origin()}/start/express`]).toEqual([[], false]);
});
