import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import type { Scene } from "../support/scene.ts";
import { lihua } from "../support/stage.ts";
import type { Framework, Stage } from "../support/stage.ts";
import type { Visitor } from "../support/visitor.ts";

const folder = new URL("../artifacts/", import.meta.url).pathname;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const screens = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const;
const languages = { en: "en-GB", zh: "zh-CN" } as const;

/** By name, how to get to each view from where the last one was. */
const views: Readonly<Record<string, (visitor: Visitor, stage: Stage) => Promise<unknown>>> = {
  "01-welcome": ({ open }) => open("/"),
  "02-sign-in": ({ open }) => open("/signin"),
  async "03-sign-in-refused"({ page }) {
    // Somebody else in each language: wrong passwords are counted for whoever they are tried for.
    await page
      .locator("input")
      .first()
      .fill(`guest-${(await page.locator("html").getAttribute("lang")) ?? ""}`);
    await page.locator("input[type=password]").fill("Wrong-1234");
    await page.locator("form button[type=submit]").click();
    await page.locator("[aria-invalid]").waitFor();
  },
  async "04-captcha"({ page }) {
    const captcha = page.locator(".captcha img");
    const form = page.locator("form");
    while (!(await captcha.isVisible())) {
      await page.locator("input[type=password]").fill("Wrong-1234");
      await form.locator("button[type=submit]").click();
      await page.locator('form[aria-busy="false"]').waitFor();
    }
  },
  "05-sign-up": ({ open }) => open("/signup"),
  async "06-sign-up-code"({ page }) {
    await page.locator("input").fill("new@example.com");
    await page.locator("form button[type=submit]").click();
    await page.locator("input[autocomplete=one-time-code]").waitFor();
  },
  async "07-sign-up-who"({ page }, { emulator }) {
    await page.locator("input").fill(emulator.inbox.latest("new@example.com") ?? "");
    await page.locator("form button[type=submit]").click();
    await page.locator("input[autocomplete=new-password]").waitFor();
  },
  "08-reset": ({ open }) => open("/reset"),
  async "09-anonymous"({ page, open }) {
    await open("/");
    await page.locator(".ways button").click();
    await page.locator(".facts").waitFor();
  },
  async "10-profile"({ page, open }) {
    await page.locator("header button").first().click();
    await page.locator("form").waitFor();
    await open("/signin");
    await page.locator("input").first().fill(lihua.username);
    await page.locator("input[type=password]").fill(lihua.password);
    await page.locator("form button[type=submit]").click();
    await page.locator(".facts").waitFor();
  },
  "11-password": ({ open }) => open("/password"),
  "12-providers": ({ open }) => open("/providers"),
  "13-sessions": ({ open }) => open("/sessions"),
  "14-delete": ({ open }) => open("/leave"),
};

type Form = readonly [screen: keyof typeof screens, scheme: "light" | "dark"];
const allForms: readonly Form[] = [
  ["desktop", "light"],
  ["desktop", "dark"],
  ["phone", "light"],
  ["phone", "dark"],
];

/** The page is the same on all servers, so each shows a part of what there is to look at. */
const shown: Readonly<Record<Framework, { language: keyof typeof languages; forms: readonly Form[] }>> = {
  express: { language: "en", forms: allForms },
  koa: { language: "zh", forms: allForms },
  fastify: { language: "en", forms: [["phone", "dark"]] },
};

/** Every view, by axe and as a picture. */
export function itLooksRight(scene: Scene): void {
  const { framework } = scene;
  const { language, forms } = shown[framework];

  it(`looks right, and axe finds nothing, in ${language}`, async () => {
    const visitor = await scene.anotherVisitor({ locale: languages[language] });
    const { page } = visitor;
    mkdirSync(folder, { recursive: true });
    const found: string[] = [];
    for (const [view, get] of Object.entries(views)) {
      await get(visitor, scene.stage());
      for (const [screen, colorScheme] of forms) {
        await page.setViewportSize(screens[screen]);
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        const name = `${view}-${screen}-${colorScheme}-${language}-${framework}`;
        await page.screenshot({ path: `${folder}${name}.png`, fullPage: true });
        found.push(...(await violations(page)).map((violation) => `${name}: ${violation}`));
        // Nothing may be wider than the screen.
        const surplus = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (surplus > 0) found.push(`${name}: ${String(surplus)} px too wide`);
      }
    }
    expect(found).toEqual([]);
  });

  it("speaks the browser's language, and the other one from when it is asked to", async () => {
    const { page, open, sees, press } = await scene.anotherVisitor({ locale: "zh-CN" });
    const spoken = () => page.locator("html").getAttribute("lang");
    await open("/signin");
    await sees("登录");
    expect([await spoken(), await page.title()]).toEqual(["zh-CN", "登录 · cloudbase-auth"]);
    await press("English");
    await sees("Sign in");
    await page.reload();
    await sees("Sign in");
    expect([await spoken(), await page.title()]).toEqual(["en", "Sign in · cloudbase-auth"]);
    await press("中文");
    await sees("登录");
  });
}

/** All rules of axe, the best practices too; minor ones count as well. */
async function violations(page: Page): Promise<readonly string[]> {
  const hasAxe = await page.evaluate(() => "axe" in globalThis);
  if (!hasAxe) await page.evaluate(axe);
  const results = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run: (options: object) => Promise<AxeResults> } }).axe.run({
      resultTypes: ["violations"],
    }),
  );
  return results.violations.map(
    ({ id, nodes }) => `${id} at ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
  );
}
