import { routeTable } from "../../../src/routes/table.ts";
import type { Mode, Route } from "../../../src/routes/route.ts";
import type { Form } from "../../../src/routes/forms.ts";

/** A table of `ROUTES.md` as the routes themselves have it, line by line; what a route does is said once. */
export function formatRouteTable(mode: Mode): readonly string[] {
  const rows = routeTable.filter(({ answers }) => answers[mode] !== undefined).map((route) => rowOf(route, mode));
  const head = ["route", "body", "answer", ...(mode === "session" ? ["what it does"] : [])];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}

/** A line of such a table without the blanks and dashes that fill its columns. */
export function tightLine(line: string): string {
  return line
    .replace(/ *\| */g, " | ")
    .replace(/-{3,}/g, "---")
    .trim();
}

function rowOf({ method, path, forms, answers, about }: Route, mode: Mode): string[] {
  const bodies = forms[mode].map(fieldsOf).join(" _or_ ");
  const answer = answers[mode];
  const told = answer === "303" ? "303" : answer?.length === 0 ? "204" : `200 ${list(answer ?? [])}`;
  return [`\`${method} ${path}\``, bodies === "" ? "none" : bodies, told, ...(mode === "session" ? [about] : [])];
}

function fieldsOf({ entries }: Form): string {
  const names = Object.entries(entries).map(([name, { type }]) => (type === "optional" ? `${name}?` : name));
  return names.length === 0 ? "none" : list(names);
}

const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");
