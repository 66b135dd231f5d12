/** A table as the formatter lays it out: every column as wide as its widest cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((cells) => (cells[column] ?? "").length)));
  const line = (cells: readonly string[], filler: string): string =>
    `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width, filler)).join(" | ")} |`;
  return [line(head, " "), line([], "-"), ...rows.map((cells) => line(cells, " "))].join("\n");
}

/** Names as code, with commas. */
export function codes(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}
