import { Console } from "node:console";
import { PassThrough } from "node:stream";
import { inspect } from "node:util";
import { pino } from "pino";

/** Everything that was seen in the course of a test, as logs of all kinds would have it. */
export interface Witness {
  /** `where` is what a failure names. */
  see(where: string, value: unknown): void;
  /** The places where one of the texts was seen; none is what a test wants. */
  placesOf(texts: readonly string[]): string[];
  /** How many things were seen. */
  count(): number;
}

export function createWitness(): Witness {
  const seen: { readonly where: string; readonly text: string }[] = [];
  return {
    see(where, value) {
      for (const [how, text] of Object.entries(logged(value))) seen.push({ where: `${where} (${how})`, text });
    },
    placesOf(texts) {
      const found = seen.flatMap(({ where, text }) => {
        const held = texts.find((one) => text.toLowerCase().includes(one.toLowerCase()));
        return held === undefined ? [] : [`${where}: ${held}`];
      });
      return [...new Set(found)];
    },
    count: () => seen.length,
  };
}

/** A value as it stands in logs: nothing is taken out on the way. */
function logged(value: unknown): Readonly<Record<string, string>> {
  return {
    string: String(value),
    inspect: inspect(value, { depth: 20, maxStringLength: null, maxArrayLength: null }),
    JSON: JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? String(part) : part)) ?? "",
    console: throughConsole(value),
    pino: throughPino(value),
    chain: chainOf(value).join("\n"),
  };
}

function throughConsole(value: unknown): string {
  const stdout = new PassThrough();
  new Console({ stdout, stderr: stdout }).log("%s %o", value, value);
  return String(stdout.read());
}

function throughPino(value: unknown): string {
  let lines = "";
  const logger = pino({ level: "trace" }, { write: (line: string) => void (lines += line) });
  if (value instanceof Error) logger.error(value);
  logger.error({ err: value, value }, "with a message");
  logger.error("%o", { value });
  return lines;
}

/** Message and stack of an error and of all its causes. */
function chainOf(value: unknown): string[] {
  if (!(value instanceof Error)) return [];
  const collected: unknown[] = value instanceof AggregateError ? value.errors : [];
  return [value.message, value.stack ?? "", ...collected.flatMap(chainOf), ...chainOf(value.cause)];
}

/** Parts of a token that would show that it, or a piece of it, got somewhere. */
export function piecesOf(token: string): string[] {
  const [, payload = "", signature = ""] = token.split(".");
  return [payload.slice(0, 20), payload.slice(-20), signature.slice(0, 16), signature.slice(-16)];
}
