import { readFileSync, writeFileSync } from "node:fs";
import { createEmulator, endpointNames } from "@cloudbase-auth/emulator";
import { describe, expect, it } from "vitest";
import { endpointGroups } from "./support/wire-docs/endpoints.ts";
import type { EndpointFacts } from "./support/wire-docs/facts.ts";
import { formatWirePage, isFor, methodOf } from "./support/wire-docs/format.ts";
import { leftOut } from "./support/wire-docs/left-out.ts";
import { readSkillLines } from "./support/wire-docs/skill-lines.ts";
import { wireRows } from "./support/wire-rows/all.ts";

const docs = new URL("../../docs/", import.meta.url);
const facts = endpointGroups.flatMap(({ endpoints }) => endpoints);
const listed = facts.map(({ endpoint }) => endpoint);

function factsFor(line: string): EndpointFacts {
  const exact = facts.find(({ endpoint }) => endpoint === line.split("?", 1)[0]);
  const found = exact ?? facts.find(({ endpoint }) => isFor(line, endpoint));
  if (found === undefined) throw new Error(`no row for ${line}`);
  return found;
}

/** Whether a cell has a member in backticks, be it `a`, `a[b]` or `a[…]`. */
function names(cell: string, member: string): boolean {
  return new RegExp(`\`${member.split("[", 1)[0] ?? ""}(?:\\[[^\`]*\\])?\``).test(cell);
}

const scheme = (cell: string): string => /^(?:Basic|Bearer)\b/.exec(cell)?.[0] ?? "none";

describe("packages/docs/wire.md", () => {
  it("is what the tables say; WRITE_DOCS=1 writes it anew", () => {
    const page = new URL("wire.md", docs);
    if (process.env["WRITE_DOCS"] === "1") writeFileSync(page, formatWirePage(wireRows));
    expect(readFileSync(page, "utf8")).toBe(formatWirePage(wireRows));
  });

  it("has every endpoint of the emulator once, and no other", () => {
    expect(listed.toSorted()).toEqual(endpointNames.toSorted());
    expect(facts.filter(({ skill, documented, sdk }) => skill === documented && documented === sdk)).toEqual([]);
  });

  it("names a call of the client for every endpoint but the key set", () => {
    const withoutCall = listed.filter(
      (endpoint) =>
        !wireRows.some(
          ({ documented, skill }) => isFor((skill ?? documented)[0], endpoint) || isFor(documented[0], endpoint),
        ),
    );
    expect(withoutCall).toEqual(["GET /auth/v1/certs"]);
    expect(wireRows.map(methodOf)).not.toContain("");
  });

  it("says where the emulator answers 501, what strict refuses, and what is not there at all", async () => {
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
    for (const endpoint of leftOut.flatMap(({ endpoints }) => endpoints)) {
      expect([endpoint, await statusOf(lax, endpoint)]).toEqual([endpoint, 404]);
    }
    await Promise.all([lax.close(), strict.close()]);
  });
});

describe("what the client sends is on record", () => {
  const sent = wireRows.flatMap(({ title, documented, skill }) => [
    { title, dialect: "documented", wire: documented },
    { title, dialect: "skill", wire: skill ?? documented },
  ]);

  it.each(sent)("$title, $dialect", ({ dialect, wire: [line, authorization, body] }) => {
    const { skill = "", documented, sdk = "" } = factsFor(line);
    const wanted = authorization?.split(" ", 1)[0] ?? "none";
    const form = dialect === "skill" && scheme(skill) !== "none" ? skill : (documented ?? sdk);
    // Where the SDK sends a Bearer only now and then, its cell says so.
    if (!sdk.includes(`${wanted} when`)) expect([wanted, form]).toEqual([scheme(form), form]);
    const cells = [documented ?? "", sdk, ...(dialect === "skill" ? [skill] : [])];
    const query = [...new URLSearchParams(line.split("?")[1] ?? "").keys()].filter((name) => name !== "client_id");
    const unnamed = [...query, ...Object.keys(body ?? {})].filter(
      (member) => !cells.some((cell) => names(cell, member)),
    );
    expect(unnamed).toEqual([]);
  });
});

describe("what others send is on record", () => {
  const lines = readSkillLines();

  it.each(lines)("the skill text's $endpoint", ({ endpoint, scheme: wanted, members }) => {
    const { skill = "" } = factsFor(endpoint);
    expect(scheme(skill)).toBe(wanted);
    expect(members.filter((member) => !names(skill, member))).toEqual([]);
    const named = [...skill.matchAll(/`(\w+)`/g)].flatMap(([, name]) => name ?? []);
    expect(named.filter((name) => !members.includes(name))).toEqual([]);
  });

  it("the skill text has no line for what it only names", () => {
    const without = facts.filter(({ endpoint, skill }) => skill && !lines.some((line) => line.endpoint === endpoint));
    expect(without.map(({ endpoint, skill = "" }) => [endpoint, /named only|hinted at/.test(skill)])).toEqual([
      ["DELETE /auth/v1/user/me", true],
      ["GET /auth/v1/user/providers", true],
      ["POST /auth/v1/user/provider/bind", true],
      ["DELETE /auth/v1/user/provider/:provider_id", true],
    ]);
  });

  it("the official SDK is on no endpoint that is not here as the SDK's", () => {
    const observed = readFileSync(new URL("official-sdk.md", docs), "utf8");
    const rows = observed.split("\n").filter((line) => line.startsWith("| "));
    const requests = rows.flatMap((row) => [...(row.split("|")[2] ?? "").matchAll(/`([A-Z]+) (\/[^` ]*)/g)]);
    expect(requests.length).toBeGreaterThan(20);
    const missing = requests.map(([, method, path]) => `${method} /auth/v1${path}`);
    expect(missing.filter((line) => factsFor(line).sdk === undefined)).toEqual([]);
  });
});
