import { expect, it } from "vitest";
import type { Scene } from "../support/scene.ts";
import { lihua } from "../support/stage.ts";
import { codeFor } from "../support/visitor.ts";

/** The ways to become somebody. */
export function itLetsPeopleIn(scene: Scene): void {
  const { stage, visitor } = scene;

  it("signs somebody up by a code, and tells what is wrong beside its field", async () => {
    await visitor().open("/");
    await visitor().follow("Create an account");
    await visitor().sees("Create an account");
    await visitor().press("Send a code");
    await visitor().isToldAt("E-mail address or phone number", "Please fill this in.");
    await visitor().fill("E-mail address or phone number", "12345");
    await visitor().press("Send a code");
    await visitor().isToldAt(
      "E-mail address or phone number",
      "Please write an e-mail address, or a phone number with its country code.",
    );
    await visitor().fill("E-mail address or phone number", "138 0000 0001");
    await visitor().press("Send a code");
    const code = await codeFor(visitor(), stage(), "+86 13800000001");
    const inbox = visitor().page.getByRole("link", { name: "Read the code in its inbox" });
    const shown = await fetch((await inbox.getAttribute("href")) ?? "");
    expect(await shown.text()).toContain(code);
    await visitor().fill("Code", code === "000000" ? "000001" : "000000");
    await visitor().press("Continue");
    await visitor().isToldAt("Code", "This is not the code, or it is no longer good.");
    await visitor().fill("Code", code);
    await visitor().press("Continue");
    await visitor().fill("Name (optional)", "Wang Fang");
    await visitor().fill("User name (optional)", lihua.username);
    await visitor().fill("Password (optional)", "short");
    await visitor().press("Create the account");
    await visitor().isToldAt(
      "Password (optional)",
      "8 to 64 characters, and at least a small letter, a capital, a digit and another one.",
    );
    await visitor().fill("Password (optional)", "Another-1234");
    await visitor().press("Create the account");
    await visitor().isToldAt("User name (optional)", "This user name is taken, or the code was shown too long ago.");
    await visitor().fill("User name (optional)", "wangfang");
    await visitor().press("Create the account");
    await visitor().hears("Your account is there, and you are signed in.");
    await visitor().sees("Hello, Wang Fang");
    expect(visitor().path()).toBe("/profile");
    await expect.poll(() => visitor().page.locator("dl").innerText()).toContain("+86 13800000001");
  });

  it("lets whoever has an account already sign in with the same code", async () => {
    await visitor().open("/signup");
    await visitor().showCode(lihua.email);
    await visitor().page.getByText("there is an account with this address already").waitFor();
    await visitor().press("Sign in");
    await visitor().sees("Hello, Li Hua");
  });

  it("signs in with a password, and the routes of the server know who it is", async () => {
    await visitor().open("/profile");
    await visitor().sees("Sign in");
    await visitor().fill("User name, e-mail or phone", lihua.email);
    await visitor().fill("Password", "Wrong-1234");
    await visitor().press("Sign in");
    await visitor().isToldAt("Password", "That name and that password do not belong together.");
    await visitor().fill("Password", lihua.password);
    await visitor().press("Sign in");
    await visitor().sees("Hello, Li Hua");
    const id = await visitor().page.locator("dd").first().innerText();
    expect(await visitor().page.getByRole("region", { name: "A route of your own" }).innerText()).toContain(`"${id}"`);
    await visitor().open("/signin");
    expect(visitor().path()).toBe("/profile");
  });

  it("signs in with a code, and makes an account for whoever has none", async () => {
    await visitor().open("/signin");
    await visitor().press("Use a code instead");
    await visitor().showCode(lihua.email);
    await visitor().sees("Hello, Li Hua");
    await visitor().press("Sign out");
    await visitor().hears("You are signed out.");
    await visitor().press("Use a code instead");
    await visitor().showCode("new@example.com");
    await visitor().page.getByText("nobody has an account with this address yet").waitFor();
    await visitor().press("Create an account");
    await visitor().hears("You are signed in.");
    await expect.poll(() => visitor().page.locator("dl").innerText()).toContain("new@example.com");
  });

  it("asks for a captcha after wrong passwords, and goes on once it is solved", async () => {
    await visitor().open("/signin");
    await visitor().fill("User name, e-mail or phone", lihua.username);
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await visitor().fill("Password", `Wrong-${String(attempt)}`);
      await visitor().press("Sign in");
      await visitor().isToldAt("Password", "That name and that password do not belong together.");
    }
    await visitor().fill("Password", lihua.password);
    await visitor().press("Sign in");
    await visitor().isToldAt("Characters in the picture", "Please read the picture, then try again.");
    await visitor().fill("Characters in the picture", "none");
    await visitor().fill("Password", lihua.password);
    await visitor().press("Sign in");
    await visitor().isToldAt("Characters in the picture", "That was something else; here is another picture.");
    await visitor().fill("Characters in the picture", stage().emulator.inbox.captchas().at(-1)?.text ?? "");
    await visitor().fill("Password", lihua.password);
    await visitor().press("Sign in");
    await visitor().sees("Hello, Li Hua");
  });

  it("sets a forgotten password", async () => {
    await visitor().open("/signin");
    await visitor().follow("Forgot the password?");
    await visitor().sees("Forgotten password");
    await visitor().showCode(lihua.email);
    await visitor().fill("New password", "Remembered-1");
    await visitor().press("Set the password");
    await visitor().hears("The new password is set. Sign in with it.");
    await visitor().signIn("Remembered-1");
  });

  it("lets somebody look around, and keeps the id of who stays", async () => {
    await visitor().open("/");
    await visitor().press("Look around without an account");
    await visitor().sees("Hello, visitor");
    const id = await visitor().page.locator("dd").first().innerText();
    await visitor().open("/password");
    expect(visitor().path()).toBe("/profile");
    await visitor().follow("Create an account");
    await visitor().page.getByText(`You keep your id ${id}`).waitFor();
    await visitor().showCode("stays@example.com");
    await visitor().fill("Name (optional)", "Somebody");
    await visitor().press("Create the account");
    await visitor().hears("You are somebody now, and have kept your id.");
    await visitor().sees("Hello, Somebody");
    expect(await visitor().page.locator("dd").first().innerText()).toBe(id);
  });
}
