import { readFileSync, writeFileSync } from "node:fs";
import { createEmulator, endpointNames } from "@cloudbase-auth/emulator";
import { describe, expect, it } from "vitest";
import { endpointGroups } from "./support/wire-docs/endpoints.ts";
import { formatWirePage, isFor, methodOf } from "./support/wire-docs/format.ts";
import { wireRows } from "./support/wire-rows/all.ts";

const facts = endpointGroups.flatMap(({ endpoints }) => endpoints);
const listed = facts.map(({ endpoint }) => endpoint);

describe("packages/docs/wire.md", () => {
  it("is what the table says; WRITE_DOCS=1 writes it anew", () => {
    // The formatter lines the columns up; what it says is the same.
    const plain = (text: string): string => text.replaceAll(/ {2,}/g, " ").replaceAll(/-{3,}/g, "---");
    const page = new URL("../../docs/wire.md", import.meta.url);
    if (process.env["WRITE_DOCS"] === "1") writeFileSync(page, formatWirePage(wireRows));
    expect(plain(readFileSync(page, "utf8"))).toBe(plain(formatWirePage(wireRows)));
  });

  it("has every endpoint of the emulator once, and no other", () => {
    expect(listed.toSorted()).toEqual(endpointNames.toSorted());
  });

  it("has a row for everything that the client sends, in both dialects", () => {
    const lines = wireRows.flatMap(({ documented, skill }) => [
      documented[0],
      ...(skill === undefined ? [] : [skill[0]]),
    ]);
    const unlisted = lines.filter((line) => !listed.some((endpoint) => isFor(line, endpoint)));
    expect(unlisted).toEqual([]);
  });

  it("names a call of the client for every endpoint but the key set and the skill text's spellings", () => {
    const withoutCall = listed.filter(
      (endpoint) =>
        !wireRows.some(
          ({ documented, skill }) => isFor((skill ?? documented)[0], endpoint) || isFor(documented[0], endpoint),
        ),
    );
    expect(withoutCall).toEqual(["GET /auth/v1/certs"]);
    expect(wireRows.map(methodOf)).not.toContain("");
  });

  it("says where the emulator answers 501, and what strict refuses", async () => {
    const lax = await createEmulator({ envId: "demo" });
    const strict = await createEmulator({ envId: "demo", strict: true });
    const statusOf = async (emulator: typeof lax, endpoint: string): Promise<number> => {
      const [method = "", path = ""] = endpoint.replaceAll(/:\w+/g, "x").split(" ");
      const headers = { authorization: `Bearer ${await emulator.issueToken()}`, "x-device-id": "d" };
      const body = method === "GET" ? {} : { body: "{}" };
      return (await fetch(`${emulator.endpoint}${path}`, { method, headers, ...body })).status;
    };
    for (const { endpoint, emulator: remark = "" } of facts) {
      const [usual, strictly] = [await statusOf(lax, endpoint), await statusOf(strict, endpoint)];
      expect([endpoint, usual === 501]).toEqual([endpoint, remark.startsWith("501")]);
      const isRefused = usual !== 404 && strictly === 404;
      expect([endpoint, isRefused]).toEqual([endpoint, remark.includes("refused with `strict`")]);
    }
    await Promise.all([lax.close(), strict.close()]);
  });
});
