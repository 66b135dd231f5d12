import type { ExampleServer } from "./stage.ts";
import type { Tokens } from "./story.ts";

/** What a server answered, as far as it concerns authentication. */
export interface Answer {
  readonly status: number;
  readonly challenge: string | undefined;
}

/** One row of the table. */
export interface Row {
  readonly title: string;
  readonly expected: Answer;
  /** In the order of the servers. */
  readonly answers: readonly Answer[];
  /** A sentence for each server that answered something else. */
  readonly differences: readonly string[];
}

interface Case {
  readonly title: string;
  readonly token: string | undefined;
  readonly expected: Answer;
}

const realm = 'Bearer realm="cloudbase"';
const accepted: Answer = { status: 200, challenge: undefined };
const missing: Answer = { status: 401, challenge: realm };
const invalid: Answer = {
  status: 401,
  challenge: `${realm}, error="invalid_token", error_description="The access token is malformed, expired, revoked or not meant for this server; refresh it or sign in again."`,
};
const anonymous: Answer = {
  status: 403,
  challenge: `${realm}, error="insufficient_scope", error_description="This needs a signed-in user and the access token belongs to an anonymous one; sign in or sign up."`,
};

function cases(tokens: Tokens): readonly Case[] {
  return [
    { title: "with the access token", token: tokens.user, expected: accepted },
    { title: "with the refreshed one", token: tokens.refreshed, expected: accepted },
    { title: "without a token", token: undefined, expected: missing },
    { title: "one character altered", token: alterOneCharacter(tokens.user), expected: invalid },
    { title: "an anonymous user's token", token: tokens.anonymous, expected: anonymous },
    { title: "an expired token", token: tokens.expired, expected: invalid },
    { title: "a token of another environment", token: tokens.foreign, expected: invalid },
    { title: "a revoked token, before its exp", token: tokens.revoked, expected: accepted },
  ];
}

/** Asks every server for `GET /me` in every case, over real HTTP. */
export async function runCases(servers: readonly ExampleServer[], tokens: Tokens): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const { title, token, expected } of cases(tokens)) {
    const answers = await Promise.all(servers.map(({ url }) => ask(url, token)));
    const differences = answers.flatMap((answer, index) =>
      answer.status === expected.status && answer.challenge === expected.challenge
        ? []
        : [`${servers[index]?.name ?? ""}, ${title}: expected ${describe(expected)}, got ${describe(answer)}`],
    );
    rows.push({ title, expected, answers, differences });
  }
  return rows;
}

async function ask(url: string, token: string | undefined): Promise<Answer> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/me`, { headers });
  await response.arrayBuffer();
  return { status: response.status, challenge: response.headers.get("www-authenticate") ?? undefined };
}

/** In the middle of the payload, where one character changes what the token says. */
function alterOneCharacter(token: string): string {
  const at = Math.floor((token.indexOf(".") + token.lastIndexOf(".")) / 2);
  return token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
}

function describe({ status, challenge }: Answer): string {
  return `${String(status)} with ${challenge ?? "no challenge"}`;
}
