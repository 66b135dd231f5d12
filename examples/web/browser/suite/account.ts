import { expect, it } from "vitest";
import type { Scene } from "../support/scene.ts";
import { lihua } from "../support/stage.ts";

/** What a person can do with an account. */
export function itKeepsAccounts(scene: Scene): void {
  const { stage, visitor } = scene;

  it("changes the password, which ends the other sessions", async () => {
    const elsewhere = await scene.anotherVisitor();
    await elsewhere.signIn();
    await visitor().signIn();
    await visitor().follow("Password");
    await visitor().fill("Old password", "Wrong-1234");
    await visitor().fill("New password", "Changed-1234");
    await visitor().press("Change the password");
    await visitor().isToldAt("Old password", "This is not the password.");
    await visitor().fill("Old password", lihua.password);
    await visitor().press("Change the password");
    await visitor().hears("The password is changed, and your other sessions have ended.");
    await visitor().press("Use a code instead");
    await visitor().showCode(lihua.email);
    await visitor().fill("New password", "Changed-again-1");
    await visitor().press("Change the password");
    await visitor().hears("The password is changed, and your other sessions have ended.");
    await elsewhere.follow("Sessions");
    await elsewhere.sees("Sign in");
    await visitor().open("/profile");
    await visitor().sees("Hello, Li Hua");
  });

  it("signs in at a third party, and binds and unbinds one", async () => {
    await visitor().open("/signin");
    await visitor().follow("Continue with demo provider");
    await visitor().press("Deny");
    await visitor().hears("The third party said no, or you did.");
    await visitor().sees("Sign in");
    expect(visitor().page.url()).toBe(`${stage().url}/signin`);
    await visitor().follow("Continue with demo provider");
    await visitor().press("Approve");
    await visitor().sees(/^Hello, /);
    await visitor().follow("Third parties");
    await visitor().press("Unbind Demo provider");
    await visitor().page.getByText("It is your only way to sign in; set a password first.").waitFor();
    await visitor().press("Sign out");
    await visitor().signIn();
    await visitor().follow("Third parties");
    await visitor().press("Bind Demo provider");
    await visitor().page.getByLabel("Id at Demo provider").fill("third-1");
    await visitor().press("Approve");
    await visitor().sees("Third parties");
    await visitor().press("Unbind Demo provider");
    await visitor().hears("Demo provider is no longer bound.");
    await visitor().page.getByRole("button", { name: "Bind Demo provider" }).waitFor();
  });

  it("lists the sessions, and ends one of them or all", async () => {
    const elsewhere = await scene.anotherVisitor();
    await elsewhere.signIn();
    await visitor().signIn();
    await visitor().follow("Sessions");
    await expect.poll(() => visitor().page.getByRole("listitem").filter({ hasText: "last seen" }).count()).toBe(2);
    expect(await visitor().page.locator(".badge").count()).toBe(1);
    await visitor().press(/^End the session of/);
    await visitor().hears("has ended.");
    await elsewhere.open("/profile");
    await elsewhere.sees("Sign in");
    await elsewhere.signIn();
    await visitor().press("Sign out everywhere");
    await visitor().hears("You are signed out, everywhere.");
    await visitor().sees("Sign in");
    await elsewhere.open("/sessions");
    await elsewhere.sees("Sign in");
  });

  it("deletes the account", async () => {
    await visitor().signIn();
    await visitor().follow("Delete account");
    await visitor().fill("Password", "Wrong-1234");
    await visitor().press("Delete my account");
    await visitor().isToldAt("Password", "This is not the password.");
    await visitor().fill("Password", lihua.password);
    await visitor().press("Delete my account");
    await visitor().hears("Your account is deleted.");
    await visitor().sees("Welcome");
    await visitor().open("/signin");
    await visitor().fill("User name, e-mail or phone", lihua.username);
    await visitor().fill("Password", lihua.password);
    await visitor().press("Sign in");
    await visitor().isToldAt("Password", "That name and that password do not belong together.");
  });
}
