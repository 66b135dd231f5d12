import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";
import { lihua } from "./stage.ts";
import type { Stage } from "./stage.ts";

/** A person with a browser of their own. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Opens a path of the page and waits until it is there. */
  readonly open: (path: string) => Promise<void>;
  /** Waits for the heading of a view. */
  readonly sees: (heading: string | RegExp) => Promise<void>;
  /** Waits for what the live region says. */
  readonly hears: (sentence: string) => Promise<void>;
  readonly press: (name: string | RegExp) => Promise<void>;
  readonly follow: (name: string | RegExp) => Promise<void>;
  readonly fill: (label: string, text: string) => Promise<void>;
  /** Waits for the sentence beside a field, which also has to have the focus. */
  readonly isToldAt: (label: string, sentence: string) => Promise<void>;
  readonly signIn: (password?: string) => Promise<void>;
  /** Sends a code to the address, where the page asks for one, and shows it. */
  readonly showCode: (address: string) => Promise<void>;
  readonly path: () => string;
  /** What went wrong in the browser: scripts, blocked content, failed loads. */
  readonly faults: readonly string[];
  /** For faults that the test itself has brought about; there have to be some. */
  readonly forgive: (pattern: RegExp) => void;
}

export async function createVisitor(
  browser: Browser,
  stage: Stage,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({ locale: "en-GB", timezoneId: "Asia/Shanghai", ...options });
  context.setDefaultTimeout(15_000);
  return visitorOf(context, await context.newPage(), stage);
}

/** Another tab of the same browser. */
export async function openTab({ context }: Visitor, stage: Stage): Promise<Visitor> {
  return visitorOf(context, await context.newPage(), stage);
}

function visitorOf(context: BrowserContext, page: Page, stage: Stage): Visitor {
  const faults: string[] = [];
  page.on("pageerror", (error) => void faults.push(error.message));
  page.on("console", (message) => {
    // Chromium writes every refusal of the server there; these are answers that the page shows.
    const isRefusal = /^Failed to load resource: .* status of 4\d\d/.test(message.text());
    if (message.type() === "error" && !isRefusal) faults.push(message.text());
  });

  const field = (label: string) => page.getByRole("textbox", { name: label, exact: true });
  const visitor: Visitor = {
    ...{ context, page, faults, path: () => new URL(page.url()).pathname },
    forgive(pattern) {
      const others = faults.filter((fault) => !pattern.test(fault));
      expect(others.length).toBeLessThan(faults.length);
      faults.splice(0, faults.length, ...others);
    },
    async open(path) {
      await page.goto(stage.url + path);
      await page.locator('main[aria-busy="false"] h1').waitFor();
    },
    async sees(heading) {
      await page.getByRole("heading", { level: 1, name: heading }).waitFor();
    },
    async hears(sentence) {
      await page.getByRole("status").filter({ hasText: sentence }).waitFor();
    },
    press: (name) => page.getByRole("button", { name, exact: true }).click(),
    follow: (name) => page.getByRole("link", { name, exact: true }).click(),
    fill: (label, text) => field(label).fill(text),
    async isToldAt(label, sentence) {
      const input = field(label).and(page.locator('[aria-invalid="true"]:focus'));
      await input.waitFor();
      const described = (await input.getAttribute("aria-describedby")) ?? "";
      const texts = await Promise.all(described.split(" ").map((id) => page.locator(`[id="${id}"]`).innerText()));
      expect(texts[0]).toBe(sentence);
    },
    async signIn(password = lihua.password) {
      await visitor.open("/signin");
      await visitor.fill("User name, e-mail or phone", lihua.username);
      await visitor.fill("Password", password);
      await visitor.press("Sign in");
      await visitor.hears("You are signed in.");
      await visitor.sees("Hello, Li Hua");
    },
    async showCode(address) {
      const input = field("E-mail address or phone number");
      const button = page.getByRole("button", { name: `Send a code to ${address}`, exact: true });
      await input.or(button).waitFor();
      if (await input.isVisible()) {
        await input.fill(address);
        await visitor.press("Send a code");
      } else {
        await button.click();
      }
      await field("Code").fill(await codeFor(visitor, stage, address));
      await visitor.press("Continue");
    },
  };
  return visitor;
}

/** The code that was sent there, once the page says that it was. */
export async function codeFor({ page }: Visitor, { emulator }: Stage, address: string): Promise<string> {
  await page.getByText(`A code is on its way to ${address}.`).waitFor();
  const code = emulator.inbox.latest(address);
  if (code === undefined) throw new Error(`the emulator's inbox has no code for ${address}`);
  return code;
}
