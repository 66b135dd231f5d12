import { dialects } from "../../../src/protocol/dialect.ts";
import { namesByKind } from "../../../src/words/api-error.ts";
import type { WireRow } from "../wire-rows/row.ts";
import { endpointGroups } from "./endpoints.ts";
import type { EndpointFacts } from "./endpoints.ts";

/** Whether a request line, such as `GET /a/b?c=d`, is for an endpoint, such as `GET /a/:id`. */
export function isFor(line: string, endpoint: string): boolean {
  const [asked = ""] = line.split("?");
  const parts = asked.split("/");
  const wanted = endpoint.split("/");
  return parts.length === wanted.length && wanted.every((part, index) => part.startsWith(":") || part === parts[index]);
}

/** The client's own name of a call, from the title of a row. */
export function methodOf({ title }: WireRow): string {
  return title.split(/[ ,]/, 1)[0] ?? title;
}

/** The methods of the client that send to an endpoint, each with the dialect that does where only one of them does. */
function callersOf({ endpoint }: EndpointFacts, rows: readonly WireRow[]): string {
  const named = rows.flatMap((row) => {
    const documented = isFor(row.documented[0], endpoint);
    const skill = isFor((row.skill ?? row.documented)[0], endpoint);
    if (!documented && !skill) return [];
    const dialect = documented === skill ? "" : documented ? " (documented)" : " (skill)";
    return [`\`${methodOf(row)}\`${dialect}`];
  });
  return [...new Set(named)].join(", ");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return lines.join("\n");
}

function groupTable(endpoints: readonly EndpointFacts[], rows: readonly WireRow[]): string {
  return table(
    ["endpoint", "skill text", "documented", "web SDK", "our client", "our emulator"],
    endpoints.map((facts) => [
      `\`${facts.endpoint.replace("/auth/v1/", "")}\``,
      facts.skill ?? "–",
      facts.documented,
      facts.sdk,
      callersOf(facts, rows) || (facts.endpoint.endsWith("/certs") ? "the key set" : "–"),
      facts.emulator ?? "yes",
    ]),
  );
}

function dialectTable(): string {
  const words = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const names = Object.keys(dialects.documented) as (keyof typeof dialects.documented)[];
  return table(
    ["what", '`dialect: "documented"` (default)', '`dialect: "skill"`'],
    names.map((name) => [words(name), dialects.documented[name], dialects.skill[name]]),
  );
}

function errorTable(): string {
  return table(
    ["`kind`", "`error` on the wire"],
    Object.entries(namesByKind).map(([kind, names]) => [`\`${kind}\``, names.map((name) => `\`${name}\``).join(", ")]),
  );
}

/** The whole page. */
export function formatWirePage(rows: readonly WireRow[]): string {
  return `# The Auth v2 API, from all sides

Made from one table by a test, which also holds it to the emulator's endpoints and to what the client puts on the wire; do not edit it here. Paths are below \`/auth/v1\`.

Three sources describe this API, and they do not agree: the HTTP API documentation, the HTTP skill text for coding agents, and the official web SDK. The client speaks the documented form, or the skill text's with \`dialect: "skill"\`. The emulator takes both, and with \`strict\` only the documented one. What no source says (lifetimes, limits, whether a login method is on) is a setting of the emulator, with the documented value where there is one. How the SDK differs in detail is on [a page of its own](official-sdk.md).

${endpointGroups.map(({ title, endpoints }) => `## ${title}\n\n${groupTable(endpoints, rows)}`).join("\n\n")}

## The two dialects

Everything that is not here is the same in both.

${dialectTable()}

## Errors

An error's name decides what it means, never its number: the documentation's own examples contradict each other there.

${errorTable()}

Names on no list go by the status: 401 \`unauthenticated\`, 403 \`permission\`, 404 \`not_found\`, 429 \`rate_limited\`, 3xx and 5xx \`unavailable\`, else \`unknown\`. No answer, or one that is no JSON object, is \`unavailable\`.

## Not in this release

The OAuth server and device endpoints, the v2 paths and signing in by QR code: only the SDK's source mentions them, and too little is known to build either side.
`;
}
