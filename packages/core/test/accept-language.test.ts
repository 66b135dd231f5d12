import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseLocale } from "../src/protocol/accept-language.ts";

describe("RFC 9110 §12.5.4: Accept-Language", () => {
  it.each<[string | readonly string[] | undefined, "en" | "zh"]>([
    [undefined, "en"],
    ["", "en"],
    ["zh", "zh"],
    ["en", "en"],
    ["ZH", "zh"],
    ["zh-CN,zh;q=0.9,en;q=0.8", "zh"],
    ["en-US,en;q=0.9,zh-CN;q=0.8,zh;q=0.7", "en"],
    ["zh-TW", "zh"],
    ["zh-Hans-CN", "zh"],
    ["zh;q=0.4, en;q=0.5", "en"],
    ["en;q=0.4, zh;q=0.5", "zh"],
    ["en;q=0.5, zh;q=0.50", "en"],
    ["zh;q=0.5, en;q=0.500", "zh"],
    ["fr, zh;q=0.1", "zh"],
    ["fr, de", "en"],
    ["*", "en"],
    ["fr, *;q=0.1", "en"],
    ["en;q=0, *", "zh"],
    ["zh;q=0, *;q=0.1", "en"],
    ["*;q=0.5, zh;q=0.1", "en"],
    ["*;q=0.1, zh;q=0.5", "zh"],
    ["zh;q=0, en;q=0", "en"],
    ["zh;q=0, zh-CN", "zh"],
    ["zh;q=0.001, fr", "zh"],
    ["zh ; q=0.9 , en\t;\tq=0.1", "zh"],
    ["zh;Q=1.000", "zh"],
    ["zh;q=1, en;q=0.9", "zh"],
    [`zh${" ".repeat(998)}`, "zh"],
    [`zh${" ".repeat(999)}`, "en"],
    [", ,,zh,", "zh"],
    [["en;q=0.1", "zh"], "zh"],
    // Not written as the grammar wants it, and so left out.
    ["zh;q=2", "en"],
    ["zh;q=1.5", "en"],
    ["zh;q=-1", "en"],
    ["zh;q=0.1234", "en"],
    ["zh;q=.5", "en"],
    ["zh;q=", "en"],
    ["zh;level=1", "en"],
    ["zh;q=1;q=1", "en"],
    ["zh_CN", "en"],
    ["zhx", "en"],
    ["1zh", "en"],
    ["zh-", "en"],
    ["zh-averylongsubtag", "en"],
    ["zh en", "en"],
    ["zh;q=0x1", "en"],
    ["中文", "en"],
    // Longer than anybody's.
    [`${"fr,".repeat(400)}zh`, "en"],
  ])("%j is answered in %s", (header, locale) => {
    expect(chooseLocale(header)).toBe(locale);
  });

  it("whatever comes, one of the languages comes out, soon", () => {
    const parts = fc.constantFrom("zh", "en", "-CN", "*", ";", "q=", "0.", "1", ",", " ", "\t", "-", "a");
    const text = fc.array(parts, { maxLength: 600 }).map((members) => members.join(""));
    fc.assert(fc.property(fc.oneof(text, fc.string()), (header) => ["en", "zh"].includes(chooseLocale(header))));
    const started = performance.now();
    for (const unit of ["a-", "zh;q=0.", "*;", "a".repeat(8), " ,\t"]) chooseLocale(unit.repeat(1_000 / unit.length));
    expect(performance.now() - started).toBeLessThan(500);
  });

  it("the order of equals decides, wherever the others stand", () => {
    const others = fc.array(fc.constantFrom("fr", "de-CH;q=0.3", "ja;q=0.9", ""), { maxLength: 5 });
    fc.assert(
      fc.property(others, others, others, (before, between, after) => {
        expect(chooseLocale([...before, "zh-CN", ...between, "en-GB", ...after])).toBe("zh");
        expect(chooseLocale([...before, "en-GB", ...between, "zh-CN", ...after])).toBe("en");
      }),
    );
  });
});
