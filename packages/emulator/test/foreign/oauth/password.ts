import { describe, expect, it } from "vitest";
import { aString } from "../../support/matchers.ts";
import { lihua, official } from "../support/official.ts";

describe("@cloudbase/oauth: sudo and the password", () => {
  const sdk = official();

  it("sudo and setPassword", async () => {
    const { emulator, wire, oauth } = sdk();
    const auth = oauth();
    await auth.signIn({ username: "lihua", password: lihua.password });
    wire.take();
    const { sudo_token = "", ...rest } = await auth.sudo({ password: lihua.password });
    expect(rest).toEqual({ expires_in: 900 });
    await auth.setPassword({ new_password: "Changed-456", sudo_token });
    expect(wire.take()).toMatchObject([
      { line: "POST /auth/v1/user/sudo", body: { password: lihua.password } },
      { line: "PATCH /auth/v1/user/password", query: {}, body: { new_password: "Changed-456", sudo_token } },
    ]);
    expect(emulator.requests.entries().at(-1)).toMatchObject({ authorization: "bearer", query: [], status: 200 });
    expect(await oauth().signIn({ username: "lihua", password: "Changed-456" })).toMatchObject({ sub: aString });
  });

  it("updatePasswordByOld", async () => {
    const { wire, oauth } = sdk();
    const auth = oauth();
    await auth.signIn({ username: "lihua", password: lihua.password });
    wire.take();
    await auth.updatePasswordByOld({ old_password: lihua.password, new_password: "Changed-456" });
    expect(wire.take()).toMatchObject([
      { line: "POST /auth/v1/user/sudo", body: { password: lihua.password } },
      { line: "PATCH /auth/v1/user/password", body: { new_password: "Changed-456", sudo_token: aString } },
    ]);
    await expect(oauth().signIn({ username: "lihua", password: lihua.password })).rejects.toMatchObject({
      error: "invalid_password",
    });
  });

  it("setPassword that is too weak", async () => {
    const { oauth } = sdk();
    const auth = oauth();
    await auth.signIn({ username: "lihua", password: lihua.password });
    const { sudo_token = "" } = await auth.sudo({ password: lihua.password });
    await expect(auth.setPassword({ new_password: "weak", sudo_token })).rejects.toMatchObject({
      error: "weak_password",
      error_code: 4005,
    });
  });

  it("checkPassword is sudo", async () => {
    const { wire, oauth } = sdk();
    const auth = oauth();
    await auth.signIn({ username: "lihua", password: lihua.password });
    wire.take();
    expect(await auth.checkPassword({ password: lihua.password })).toMatchObject({ sudo_token: aString });
    expect(wire.take().map(({ line }) => line)).toEqual(["POST /auth/v1/user/sudo"]);
    await expect(auth.checkPassword({ password: "Wrong-123" })).rejects.toMatchObject({ error: "invalid_password" });
  });

  it("deleteMe", async () => {
    const { wire, oauth } = sdk();
    const auth = oauth();
    await auth.signIn({ username: "lihua", password: lihua.password });
    const { sudo_token = "" } = await auth.sudo({ password: lihua.password });
    wire.take();
    expect(await auth.deleteMe({ sudo_token })).toEqual({});
    expect(wire.take()).toMatchObject([{ line: "DELETE /auth/v1/user/me", query: { sudo_token }, body: undefined }]);
    await expect(oauth().signIn({ username: "lihua", password: lihua.password })).rejects.toMatchObject({
      error: "not_found",
    });
  });
});
