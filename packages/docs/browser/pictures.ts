import { mkdirSync } from "node:fs";
import { expect, it } from "vitest";
import { screens, useSite } from "./open-site.ts";

const artifacts = new URL("artifacts/", import.meta.url).pathname;
const looked = [
  ...["/", "/zh/", "/start/express", "/zh/start/koa", "/how-it-works"],
  ...["/guides/sessions", "/guides/testing", "/reference/performance", "/reference/core", "/wire"],
];
const { open, origin } = useSite();

it("pages as they look, on a phone and a desktop, light and dark", async () => {
  const found: string[] = [];
  mkdirSync(artifacts, { recursive: true });
  const page = await open(found);
  for (const path of looked) {
    for (const colorScheme of ["light", "dark"] as const) {
      for (const [name, size] of Object.entries(screens)) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(size);
        await page.goto(origin() + path);
        await page.screenshot({
          path: `${artifacts}${path.replaceAll("/", "_")}-${name}-${colorScheme}.png`,
          fullPage: true,
        });
      }
    }
  }
  expect(found).toEqual([]);
});
