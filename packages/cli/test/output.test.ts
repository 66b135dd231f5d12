import { describe, expect, it } from "vitest";
import { skewOf } from "../src/doctor/clock.ts";
import { printable, printableJson } from "../src/terminal/printable.ts";
import { formatDuration, formatMoment } from "../src/terminal/times.ts";
import { wrap } from "../src/terminal/wrap.ts";
import { commandLine, run } from "./support/command.ts";
import { blackHole, variablesFor } from "./support/stage.ts";
import { ctrlC, inTerminal, shellInTerminal } from "./support/terminal.ts";

describe("what reaches a terminal", () => {
  it.each([
    ["\u001b[2J", String.raw`\u{1b}[2J`],
    ["a\r\nb\tc", String.raw`a\u{d}\u{a}b\u{9}c`],
    ["\u0000\u0007\u007f\u0085\u009b", String.raw`\u{0}\u{7}\u{7f}\u{85}\u{9b}`],
    ["\u202eexe\u2066\u200f\ufeff\u2028\u2029", String.raw`\u{202e}exe\u{2066}\u{200f}\u{feff}\u{2028}\u{2029}`],
    ["\ud800\u{e0041}", String.raw`\u{d800}\u{e0041}`],
    ["李华 é 🙂 ✓", "李华 é 🙂 ✓"],
  ])("%j is %s", (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it("JSON stays the same value", () => {
    const value = { "\u009b": ["\u202e\u{e0041}", "\u007f\n\u2028", "李华"] };
    const text = printableJson(value);
    expect(JSON.parse(text)).toEqual(value);
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u);
  });
});

describe("lines", () => {
  it.each([
    [80, ["one two three"]],
    [50, ["one two three"]],
    [undefined, ["a".repeat(70)]],
    [0, ["a".repeat(70)]],
  ])("in %s columns", (columns, lines) => {
    expect(wrap(lines.join(" "), 10, columns)).toEqual(lines);
  });

  it("are broken at spaces, and what has none is not broken", () => {
    expect(wrap("a bb https://example.test/ccccccccccccccccccccccccccccccccc dd e", 30, 50)).toEqual([
      "a bb",
      "https://example.test/ccccccccccccccccccccccccccccccccc",
      "dd e",
    ]);
  });

  it("keep their margin on a narrow terminal", async () => {
    const terminal = shellInTerminal(`stty columns 60 && ${commandLine.join(" ")} doctor`);
    await terminal.exit;
    const lines = terminal.screen().trimEnd().split("\n");
    expect(lines.filter((line) => line.length > 60)).toEqual([]);
    expect(lines.filter((line) => /^ {17,}\S/.test(line)).length).toBeGreaterThan(3);
  });
});

describe("times in words", () => {
  it.each([
    [0.4, "less than a second"],
    [1, "1 second"],
    [61, "1 minute 1 second"],
    [7_200, "2 hours"],
    [7_140, "1 hour 59 minutes"],
    [-200_000, "2 days 7 hours"],
  ])("%d seconds are %s", (seconds, words) => {
    expect(formatDuration(seconds)).toBe(words);
  });

  it("a moment, and what is none", () => {
    const now = Date.UTC(2026, 0, 1);
    expect(formatMoment(now / 1_000 + 90, now)).toBe("2026-01-01 00:01:30 UTC, in 1 minute 30 seconds");
    expect(formatMoment(now / 1_000 - 3_600, now)).toBe("2025-12-31 23:00:00 UTC, 1 hour ago");
    expect(formatMoment(now, now)).toBe(
      "no date that a calendar has; it looks like milliseconds, and tokens have seconds",
    );
    expect(formatMoment(1e300, now)).toBe("no date that a calendar has");
  });
});

describe("the server's clock, by answers that have whole seconds", () => {
  const sample = (askedAt: number, heardAt: number, date: number) => ({
    askedAt,
    heardAt,
    tookMs: heardAt - askedAt,
    date,
  });

  it("several answers say more than each", () => {
    // The server is 10.5 s ahead; each answer takes 100 ms.
    const skew = skewOf([sample(0, 100, 10_000), sample(450, 550, 11_000), sample(900, 1_000, 11_000)]);
    expect(skew?.least).toBeCloseTo(10.45, 5);
    expect(skew?.most).toBeCloseTo(11, 5);
    expect(skewOf([sample(0, 100, 10_000)])).toEqual({ least: 9.9, most: 11 });
  });

  it("two servers that disagree are not averaged", () => {
    expect(skewOf([sample(0, 100, 0), sample(200, 300, 60_000)])).toEqual({ least: -0.1, most: 1 });
  });

  it("no date, no word", () => {
    expect(skewOf([{ askedAt: 0, heardAt: 1, tookMs: 1, date: undefined }])).toBeUndefined();
  });
});

describe("manners", () => {
  const command = commandLine.join(" ");

  it("a reader that has enough ends it quietly", async () => {
    const terminal = shellInTerminal(`${command} --help | head -n 1`);
    expect(await terminal.exit).toBe(0);
    expect(terminal.screen()).toBe("Usage: cloudbase-auth [options] [command]\n");
  });

  it("Ctrl-C while it waits ends it at once, and leaves no half line", async () => {
    const terminal = inTerminal(["introspect", "a.b.c"], variablesFor(`http://${await blackHole()}`));
    await terminal.shows(/… asking about the token \(1 s\)/);
    terminal.type(ctrlC);
    expect(await terminal.exit).toBe(130);
    expect(terminal.screen()).toMatch(/^(?:\^C)?$/);
  });

  it("colours on a terminal only, and not with NO_COLOR", async () => {
    const plain = inTerminal(["doctor"], { NO_COLOR: "1" });
    await plain.exit;
    expect(plain.raw()).not.toContain("\u001b[3");
    const coloured = inTerminal(["doctor"]);
    await coloured.exit;
    expect(coloured.raw()).toContain("\u001b[31m✗\u001b[39m");
    expect((await run(["doctor"])).out).not.toContain("\u001b");
  });

  it.each([
    [[], "Usage: cloudbase-auth"],
    [["explian"], "(Did you mean explain?)"],
    [["doctor", "--nope"], "unknown option '--nope'"],
    [["login"], "Usage: cloudbase-auth login"],
    [["whoami", "--host", "x"], "Allowed choices are tcb-api, gateway."],
    [["whoami", "--env", ""], "It must not be empty"],
    [["whoami", "surplus"], "too many arguments"],
  ])("%j is wrong usage: 2", async (args, sentence) => {
    const { code, out, err } = await run(args);
    expect(err).toContain(sentence);
    expect([code, out]).toEqual([2, ""]);
  });

  it("no answer is 3, and nobody's fault", async () => {
    const { code, err } = await run(["introspect", "a.b.c"], variablesFor("http://127.0.0.1:1"));
    expect(err).toMatch(
      /✗ http:\/\/127\.0\.0\.1:1 gave no usable answer \(.*ECONNREFUSED\); nothing is known against what you sent\./,
    );
    expect(err).toContain("→ Check the network and --endpoint; cloudbase-auth doctor finds out");
    expect(code).toBe(3);
  });
});
