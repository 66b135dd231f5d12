import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { errorCatalogue } from "../src/words/error-catalogue.ts";
import type { AuthErrorCode } from "../src/words/error-catalogue.ts";
import { errorCodes, headOfPage, reasonMarks, sectionsByLocale } from "./support/error-pages.ts";

const docs = new URL("../../docs/", import.meta.url);

describe.each([
  ["en", new URL("errors/", docs), "This code has no reasons."],
  ["zh", new URL("zh/errors/", docs), "此错误码没有原因。"],
] as const)("pages about the errors, %s", (locale, folder, noReasons) => {
  it("there is one for each code, and no other", () => {
    expect(readdirSync(folder).toSorted()).toEqual(errorCodes.map((code) => `${code}.md`).toSorted());
  });

  it.each(errorCodes)("%s: the head quotes the answer as the code makes it", (code) => {
    expect(pageOf(code)).toMatch(/^# /);
    expect(pageOf(code).slice(0, headOfPage(code, locale).length)).toBe(headOfPage(code, locale));
  });

  it.each(errorCodes)("%s: has its sections, none of them empty", (code) => {
    const [, ...sections] = pageOf(code).split(/^## /m);
    expect(sections.map((section) => section.split("\n")[0])).toEqual(sectionsByLocale[locale]);
    for (const section of sections) expect(section.split("\n").slice(1).join("").trim().length).toBeGreaterThan(5);
  });

  it.each(errorCodes)("%s: explains every reason, in the order of the catalogue, and no other", (code) => {
    const [, reasons = ""] = pageOf(code).split(`## ${sectionsByLocale[locale][3] ?? ""}\n`);
    const items = reasons.split("\n").filter((line) => line.startsWith("- "));
    expect(items).toHaveLength(errorCatalogue[code].reasons.length);
    for (const [index, mark] of reasonMarks(code, locale).entries()) {
      expect(items[index]?.slice(0, mark.length)).toBe(mark);
      expect(items[index]?.slice(mark.length).trim()).toMatch(/.{5,}[.。]$/);
    }
    expect(reasons.includes(noReasons)).toBe(items.length === 0);
  });

  function pageOf(code: AuthErrorCode): string {
    return readFileSync(new URL(`${code}.md`, folder), "utf8");
  }
});
