import type { WireRow } from "../wire-rows/row.ts";

const indent = " ".repeat(14);

/** What the client sends for each row, in both dialects, one under the other. */
export function formatRequests(rows: readonly WireRow[]): string {
  const blocks = rows.map(({ title, documented, skill }) => {
    const sent = skill === undefined ? [request("both", documented)] : [];
    const differing = skill === undefined ? [] : [request("documented", documented), request("skill", skill)];
    return [title, ...sent, ...differing].join("\n");
  });
  return ["```text", blocks.join("\n\n"), "```"].join("\n");
}

function request(dialect: string, [line, authorization, body]: WireRow["documented"]): string {
  const scheme = authorization === undefined ? "" : `  ${authorization.split(" ", 1)[0] ?? ""}`;
  const first = `  ${dialect.padEnd(indent.length - 2)}${line}${scheme}`;
  return body === undefined ? first : `${first}\n${indent}${JSON.stringify(body)}`;
}
