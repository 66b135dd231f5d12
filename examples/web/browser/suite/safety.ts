import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import type { Scene } from "../support/scene.ts";
import { lihua } from "../support/stage.ts";
import { openTab } from "../support/visitor.ts";

/** What the page is an example of: signed in, with nothing to steal. */
export function itKeepsTheSessionSafe(scene: Scene): void {
  const { stage, visitor } = scene;

  it("shows no token to JavaScript, storage or addresses", async () => {
    const { page, context } = visitor();
    const seen: Promise<string>[] = [];
    page.on("request", (request) => void seen.push(Promise.resolve(`${request.url()} ${request.postData() ?? ""}`)));
    page.on("response", (response) => {
      // Cookies are for the browser alone: what scripts can read is the body and all other headers.
      const { "set-cookie": _, ...headers } = response.headers();
      seen.push(
        Promise.resolve(JSON.stringify(headers)),
        response.text().catch(() => ""),
      );
    });
    page.on("framenavigated", (frame) => void seen.push(Promise.resolve(frame.url())));
    const own = stage().url;

    await visitor().open("/");
    await visitor().press("Look around without an account");
    await visitor().sees("Hello, visitor");
    await visitor().follow("Create an account");
    await visitor().showCode("stays@example.com");
    await visitor().press("Create the account");
    await visitor().hears("You are somebody now");
    await visitor().press("Sign out");
    await visitor().signIn();
    await visitor().follow("Password");
    await visitor().press("Use a code instead");
    await visitor().showCode(lihua.email);
    await visitor().fill("New password", "Changed-1234");
    await visitor().press("Change the password");
    await visitor().hears("The password is changed");
    seen.push(readBrowser(page));

    const texts = await Promise.all(seen);
    const secrets = stage().recorder.secrets();
    expect(secrets.length).toBeGreaterThan(8);
    expect(secrets.filter((secret) => texts.some((text) => text.includes(secret)))).toEqual([]);
    expect(texts.filter((text) => /eyJ[\w-]{10,}\.[\w-]+\.[\w-]+/.test(text))).toEqual([]);
    const cookies = await context.cookies(own);
    expect(cookies.length).toBeGreaterThan(0);
    expect(cookies.every(({ httpOnly, sameSite }) => httpOnly && sameSite === "Lax")).toBe(true);
    expect(secrets.filter((secret) => cookies.some(({ value }) => value.includes(secret)))).toEqual([]);
    expect(await page.evaluate(() => document.cookie)).toBe("");
  });

  it("exchanges the refresh token once for two tabs that ask at the same time", async () => {
    await visitor().signIn();
    const other = await openTab(visitor(), stage());
    await other.open("/sessions");
    // Behind the end of the access token, before the end of the session.
    await stage().setAhead(7_300);
    stage().emulator.requests.clear();
    await Promise.all([visitor().open("/profile"), other.open("/sessions")]);
    await visitor().sees("Hello, Li Hua");
    await other.sees("Sessions");
    const exchanges = stage()
      .emulator.requests.entries()
      .filter(({ path }) => path === "/auth/v1/token");
    expect(exchanges.map(({ status }) => status)).toEqual([200]);
    await Promise.all([visitor().open("/sessions"), other.open("/profile")]);
    await other.sees("Hello, Li Hua");
    await other.page.close();
  });

  it("tells the other tabs when somebody signs out", async () => {
    await visitor().signIn();
    const other = await openTab(visitor(), stage());
    await other.open("/profile");
    await visitor().press("Sign out");
    await visitor().sees("Sign in");
    await other.sees("Sign in");
    await other.page.close();
  });

  it("shows nothing of anybody behind the back button, once they have signed out", async () => {
    await visitor().signIn();
    for (const view of ["Sessions", "Password"]) {
      await visitor().follow(view);
      await visitor().sees(view);
    }
    await visitor().press("Sign out");
    await visitor().hears("You are signed out.");
    const { page } = visitor();
    for (const back of [() => page.goBack(), () => page.goBack(), () => page.goForward(), () => page.reload()]) {
      await back();
      await visitor().sees("Sign in");
      expect(await page.content()).not.toMatch(/Li Hua|lihua@/);
    }
    // Another site in between: the browser may have kept the page as it was.
    await visitor().signIn();
    await page.goto("about:blank");
    const elsewhere = await openTab(visitor(), stage());
    await elsewhere.open("/profile");
    await elsewhere.press("Sign out");
    await elsewhere.sees("Sign in");
    await page.goBack();
    await visitor().sees("Sign in");
    expect(await page.content()).not.toMatch(/Li Hua|lihua@/);
  });

  it("is used from the keyboard alone", async () => {
    const { page } = visitor();
    const press = (...keys: string[]) => keys.reduce((done, key) => done.then(() => page.keyboard.press(key)), ready());
    const ready = () => Promise.resolve();
    const focused = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.innerText.trim());

    await visitor().open("/");
    await press("Tab");
    expect(await focused()).toBe("Skip to the content");
    await press("Enter", "Tab");
    expect(await focused()).toBe("Sign in");
    await press("Enter");
    await visitor().sees("Sign in");
    // The focus is on the heading, where a screen reader goes on reading.
    await expect.poll(focused).toBe("Sign in");
    await press("Tab");
    await page.keyboard.type(lihua.username);
    await press("Tab");
    await page.keyboard.type("Wrong-1234");
    await press("Enter");
    await visitor().isToldAt("Password", "That name and that password do not belong together.");
    await page.keyboard.type(lihua.password);
    await press("Enter");
    await visitor().sees("Hello, Li Hua");
    await expect.poll(focused).toBe("Hello, Li Hua");
    await press("Shift+Tab");
    expect(await focused()).toBe("Delete account");
  });

  it("cannot be framed, and lets nothing in from elsewhere", async () => {
    const { page } = visitor();
    await visitor().open("/");
    const blocked = page.evaluate(
      () =>
        new Promise<string[]>((resolve) => {
          const directives: string[] = [];
          addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
            directives.push(effectiveDirective);
            if (directives.length === 4) resolve(directives.toSorted());
          });
          const script = document.createElement("script");
          script.append("globalThis.wasRun = true");
          const style = document.createElement("style");
          style.append("body { display: none }");
          document.head.append(script, style);
          void fetch("http://127.0.0.1:9/").catch(() => {});
          const form = document.createElement("form");
          document.body.append(form);
          form.submit();
        }),
    );
    expect(await blocked).toEqual(expect.arrayContaining(["connect-src", "form-action", "style-src-elem"]));
    expect(await page.evaluate(() => "wasRun" in globalThis)).toBe(false);
    visitor().forgive(/Content Security Policy|TrustedScript/);
    const frame = await scene.anotherVisitor();
    await frame.page.setContent(`<iframe src="${stage().url}/"></iframe>`);
    await expect.poll(() => frame.faults.join()).toMatch(/frame-ancestors/);
    frame.forgive(/frame-ancestors/);
  });
}

/** All that a script in the page could get at. */
function readBrowser(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const databases = await indexedDB.databases();
    const caches = await globalThis.caches.keys();
    return JSON.stringify([
      ...[Object.entries(localStorage), Object.entries(sessionStorage), databases, caches, document.cookie, name],
      ...[JSON.stringify(history.state), location.href, document.documentElement.outerHTML],
    ]);
  });
}
