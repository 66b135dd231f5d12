import { expect, test } from "vitest";
import { rememberLast } from "../src/words/last-asked.ts";

test("the same question in a row is asked once, every other one anew", () => {
  const asked: string[] = [];
  const find = rememberLast((text) => {
    asked.push(text);
    return text === "nobody" ? undefined : { text };
  });
  const [first, again] = [find("a"), find(["", "a"].join(""))];
  expect(again).toBe(first);
  expect(find("b")).toEqual({ text: "b" });
  expect(find("a")).toEqual({ text: "a" });
  expect([find("nobody"), find("nobody")]).toEqual([undefined, undefined]);
  expect(asked).toEqual(["a", "b", "a", "nobody"]);
});

test("the very first question is asked, whatever it is", () => {
  const find = rememberLast((text) => text.length);
  expect([find(""), find("undefined")]).toEqual([0, 9]);
});
