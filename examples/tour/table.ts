import type { Answer, Row } from "./cases.ts";
import type { Narrator } from "./narrator.ts";
import type { ExampleServer } from "./stage.ts";

/** The table framework × case → status and challenge; an answer that was not expected is red. */
export function formatTable(servers: readonly ExampleServer[], rows: readonly Row[], style: Narrator["style"]): string {
  const head = ["GET /me", ...servers.map(({ name }) => name)];
  const body = rows.map((row) => [row.title, ...row.answers.map(formatAnswer)]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...body.map((cells) => cells[column]?.length ?? 0)),
  );
  const pad = (text: string, column: number): string => text.padEnd(widths[column] ?? 0);
  const lines = rows.map((row) =>
    [
      pad(row.title, 0),
      ...row.answers.map((answer, index) => {
        const good = answer.status === row.expected.status && answer.challenge === row.expected.challenge;
        const colour = good ? (answer.status === 200 ? "green" : "dim") : "red";
        return style(colour, pad(formatAnswer(answer), index + 1));
      }),
    ].join("  "),
  );
  return [
    style("bold", head.map(pad).join("  ").trimEnd()),
    widths.map((width) => "─".repeat(width)).join("  "),
    ...lines,
  ].join("\n");
}

/** The status and the challenge's scheme and error; the texts are checked too, but would not fit. */
function formatAnswer({ status, challenge }: Answer): string {
  if (challenge === undefined) return String(status);
  const error = /error="([^"]*)"/.exec(challenge)?.[1];
  return `${String(status)} Bearer${error === undefined ? "" : ` ${error}`}`;
}
