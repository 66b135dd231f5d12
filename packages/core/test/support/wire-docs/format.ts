import { dialects } from "../../../src/protocol/dialect.ts";
import { namesByKind } from "../../../src/words/api-error.ts";
import type { WireRow } from "../wire-rows/row.ts";
import { endpointGroups } from "./endpoints.ts";
import type { EndpointFacts } from "./facts.ts";
import { leftOut } from "./left-out.ts";
import { codes, table } from "./markdown.ts";
import { formatRequests } from "./requests.ts";
import { openQuestions } from "./silence.ts";
import { sampleTicket } from "./ticket.ts";

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

function groupTable(endpoints: readonly EndpointFacts[], rows: readonly WireRow[]): string {
  return table(
    ["endpoint", "skill text", "documented", "web SDK", "known from", "our client", "our emulator"],
    endpoints.map((facts) => [
      `\`${withoutPrefix(facts.endpoint)}\``,
      facts.skill ?? "–",
      facts.documented ?? "–",
      facts.sdk ?? "–",
      knownFrom(facts),
      callersOf(facts, rows) || "the key set",
      facts.emulator ?? "yes",
    ]),
  );
}

function knownFrom({ skill, documented, page, sdk }: EndpointFacts): string {
  const pages = documented === undefined ? [] : [page === undefined ? "D" : `D [${labelOf(page)}]`];
  const sources = [...pages, ...(sdk === undefined ? [] : ["S"])];
  return sources.length === 0 && skill !== undefined ? "skill text" : sources.join(", ");
}

function labelOf(page: string): string {
  return page.slice(page.lastIndexOf("/") + 1);
}

/** Where the pages are that the tables name. */
function pageAddresses(): string {
  const pages = endpointGroups.flatMap(({ endpoints }) => endpoints.flatMap(({ page }) => page ?? []));
  const lines = pages.map((page) => {
    const path = page.includes("/") ? page : `http-api/auth/${page}`;
    return `[${labelOf(page)}]: https://docs.cloudbase.net/${path}`;
  });
  return lines.join("\n");
}

function withoutPrefix(endpoint: string): string {
  return endpoint.replace("/auth/v1/", "");
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
    Object.entries(namesByKind).map(([kind, names]) => [`\`${kind}\``, codes(names)]),
  );
}

function silenceTable(): string {
  return table(
    ["question", "what the sources say", "the emulator's setting"],
    openQuestions.map(({ question, sources, settings }) => [question, sources, codes(settings)]),
  );
}

function leftOutTable(): string {
  return table(
    ["what", "endpoints", "why not"],
    leftOut.map(({ what, endpoints, why }) => [what, codes(endpoints.map(withoutPrefix)), why]),
  );
}

function codeTable(): string {
  return table(
    ["code", "what it rests on"],
    [
      ["D", "documented: on the page that is linked, or in another official text"],
      [
        "S",
        "read in the source of the official SDK; what it was seen to send is on [a page of its own](official-sdk.md)",
      ],
      ["I", "concluded from these; I3: seen only in code of third parties"],
      ["U", "unknown: looked for and not found"],
    ],
  );
}

/** The whole page. */
export function formatWirePage(rows: readonly WireRow[]): string {
  const { keyId, parts } = sampleTicket();
  return `# The Auth v2 API, from all sides

Made from tables in [core's tests](../core/test/support/wire-docs), which also hold it to the emulator's endpoints, to what the client sends and to the skill text's curl lines; do not edit it here.

## How to read it

Three sources describe this API, and they do not agree: the HTTP API documentation, the HTTP skill text for coding agents, and the official web SDK. Nothing here was measured against the live service.

${codeTable()}

- Paths are below \`/auth/v1\`, but for those that begin with \`/\`. A cell has the authentication, then the members, of the body unless it says otherwise (of a GET: of the query); "yes" is as the row has it.
- Without \`Bearer\` or \`Basic\` a call is open, and \`client_id\` in the query says which client calls: the environment's own by default.
- Our client speaks the documented form, or the skill text's with \`dialect: "skill"\`. Our emulator takes both, and with \`strict\` only the documented one.

${endpointGroups.map(({ title, endpoints }) => `## ${title}\n\n${groupTable(endpoints, rows)}`).join("\n\n")}

## Custom tickets

\`createTicket\` sends nothing: your backend signs the ticket, the app signs in with it at \`signin/custom\`. The form is that of the official Node SDK (S), \`{private_key_id}/@@/{JWT}\`; all times are milliseconds, and a ticket is good for ten minutes. What \`refresh\` and \`expire\` do is unknown (U). Of the key \`${keyId}\`, at the beginning of 2026:

\`\`\`text
${parts.join("\n")}
\`\`\`

## The two dialects

Everything that is not here is the same in both.

${dialectTable()}

## What our client sends

Each call with the arguments that the tests give it: request line, \`Authorization\`, body. Every call has \`x-device-id\` and \`x-request-id\` too.

${formatRequests(rows)}

## Errors

An error's name decides what it means, never its number: the documentation's own examples contradict each other there.

${errorTable()}

Names on no list go by the status: 401 \`unauthenticated\`, 403 \`permission\`, 404 \`not_found\`, 429 \`rate_limited\`, 3xx and 5xx \`unavailable\`, else \`unknown\`. No answer, or one that is no JSON object, is \`unavailable\`; with status 429 \`rate_limited\`.

## What the sources leave open

The emulator lets these be set; its README has [the defaults](../emulator/README.md#settings), and [what else it had to decide](../emulator/README.md#where-the-documentation-is-silent).

${silenceTable()}

## Not in this release

Only the SDK's source (S) mentions these, and too little is known to build either side. The emulator answers 404.

${leftOutTable()}

${pageAddresses()}
`;
}
