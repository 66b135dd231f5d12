import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { fileOf, readKept, writeKept } from "../src/sign-in-file.ts";
import { home } from "./support/command.ts";

const kept = {
  deviceId: "device",
  signIn: { accessToken: "access", refreshToken: "refresh", expiresAt: 1, userId: "user" },
};

function newFile(): string {
  return join(mkdtempSync(join(home, "file-")), "cloudbase-auth", "demo.json");
}

it("gives back what was kept, and is its owner's alone", () => {
  const file = newFile();
  writeKept(file, kept);
  expect(readKept(file)).toEqual(kept);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
  writeKept(file, { deviceId: "device", signIn: undefined });
  expect(readKept(file)).toEqual({ deviceId: "device", signIn: undefined });
  expect(readFileSync(file, "utf8")).not.toContain("access");
  // Written whole beside it and then put in its place: nothing is left over.
  expect(readdirSync(dirname(file))).toEqual(["demo.json"]);
});

it("whoever may read the old one does not get the new one", () => {
  const file = newFile();
  writeKept(file, kept);
  chmodSync(file, 0o644);
  writeKept(file, kept);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it("without a file there is a device of its own, and nobody signed in", () => {
  const { deviceId, signIn } = readKept(newFile());
  expect(deviceId).toMatch(/^[0-9a-f]{32}$/);
  expect(signIn).toBeUndefined();
});

it.each([0o644, 0o640, 0o604, 0o660, 0o601])("mode %i is refused", (mode) => {
  const file = newFile();
  writeKept(file, kept);
  chmodSync(file, mode);
  expect(() => readKept(file)).toThrow(`may be read by others (mode ${mode.toString(8)})`);
});

it("a link is refused", () => {
  const file = newFile();
  writeKept(file, kept);
  renameSync(file, `${file}.elsewhere`);
  symlinkSync(`${file}.elsewhere`, file);
  expect(() => readKept(file)).toThrow("is a link, and tokens are kept in files only");
});

it.each(["", "{", '{"version":2}', "[]", '{"version":1}'])("%j is refused, and is not lost", (content) => {
  const file = newFile();
  writeKept(file, kept);
  writeFileSync(file, content);
  expect(() => readKept(file)).toThrow("is not what this command writes");
  expect(readFileSync(file, "utf8")).toBe(content);
});

it("that cannot be written is an error, and leaves nothing", () => {
  const file = newFile();
  mkdirSync(dirname(dirname(file)), { recursive: true });
  writeFileSync(dirname(file), "a file where the folder should be");
  expect(() => writeKept(file, kept)).toThrow(/cannot be written \(E(?:EXIST|NOTDIR)\)/);
});

it("lies where XDG says, by environment and endpoint, without a path in its name", () => {
  const before = process.env["XDG_STATE_HOME"];
  process.env["XDG_STATE_HOME"] = "/state";
  expect(fileOf("demo", "https://demo.ap-shanghai.tcb-api.tencentcloudapi.com")).toBe(
    "/state/cloudbase-auth/demo@demo.ap-shanghai.tcb-api.tencentcloudapi.com.json",
  );
  expect(fileOf("demo", "http://[::1]:9320")).toBe("/state/cloudbase-auth/demo@---1--9320.json");
  process.env["XDG_STATE_HOME"] = "relative";
  expect(fileOf("demo", "http://127.0.0.1:9320")).toMatch(
    /\/\.local\/state\/cloudbase-auth\/demo@127\.0\.0\.1-9320\.json$/,
  );
  if (before === undefined) delete process.env["XDG_STATE_HOME"];
  else process.env["XDG_STATE_HOME"] = before;
});
