import { readFileSync } from "node:fs";

/** A curl line of the HTTP skill text. */
export interface SkillLine {
  /** As `POST /auth/v1/token`. */
  readonly endpoint: string;
  readonly scheme: "Basic" | "Bearer";
  /** Of the query and of the body. */
  readonly members: readonly string[];
}

/** The curl lines of the HTTP skill text, as the emulator's tests run them. */
export function readSkillLines(): readonly SkillLine[] {
  const file = new URL("../../../../emulator/test/seed-curl-lines.txt", import.meta.url);
  const [, ...blocks] = readFileSync(file, "utf8").split(/^# .*$/m);
  return blocks.map((block) => {
    const [, path = "", query = ""] = /\$\{base\}([^"?]+)\??([^"]*)"/.exec(block) ?? [];
    const [, method = "GET"] = /-X (\w+)/.exec(block) ?? [];
    const [, body = "{}"] = /--data-raw '([^']*)'/.exec(block) ?? [];
    const parsed: unknown = JSON.parse(body);
    const members = typeof parsed === "object" && parsed !== null ? Object.keys(parsed) : [];
    return {
      endpoint: `${method} /auth/v1${path}`,
      scheme: block.includes("-u ") ? "Basic" : "Bearer",
      members: [...new URLSearchParams(query).keys(), ...members],
    };
  });
}
