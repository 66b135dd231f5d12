/** What an answer says of why it refused. */
export interface Refused {
  readonly status: number;
  /** The codes that it may have: one where the body names it, else those that fit the challenge (RFC 6750 §3). */
  readonly codes: readonly string[];
  /** `scope` of the challenge. */
  readonly scopes: readonly string[];
}

/**
 * Reads an answer of supertest or `inject()` at once, and one of `fetch` when its body is there. All by its shape: test
 * runners have several copies of `Response`, and of `Promise`.
 */
export function readAnswer(answer: unknown): Refused | Promise<Refused> {
  if (!isRecord(answer)) throw noAnswer();
  const status = typeof answer["statusCode"] === "number" ? answer["statusCode"] : answer["status"];
  if (typeof status !== "number") throw noAnswer();
  const challenge = challengeOf(answer["headers"]);
  if (isFetched(answer)) return readFetched(answer, status, challenge);
  const body = [answer["text"], answer["payload"]].find((text) => typeof text === "string") ?? "";
  return summarize(status, challenge, String(body));
}

type Fetched = Pick<Response, "bodyUsed" | "clone">;

function isFetched(answer: object): answer is Fetched {
  return "clone" in answer && typeof answer.clone === "function" && "bodyUsed" in answer;
}

/** Its body can be read once, and that is the test's to do. */
async function readFetched(answer: Fetched, status: number, challenge: string): Promise<Refused> {
  return summarize(status, challenge, answer.bodyUsed ? "" : await answer.clone().text());
}

function summarize(status: number, challenge: string, body: string): Refused {
  const code = codeOf(body);
  const scopes = parameterOf(challenge, "scope")?.split(" ") ?? [];
  return { status, codes: code === undefined ? codesOf(status, challenge) : [code], scopes };
}

/** Of `problemDetails()`, and of Fastify's own handler. */
function codeOf(body: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  return isRecord(value) && typeof value["code"] === "string" ? value["code"] : undefined;
}

/** Other error handlers write no code; what they keep is the challenge. */
function codesOf(status: number, challenge: string): readonly string[] {
  if (!/(?:^|,\s*)Bearer\b/i.test(challenge)) return [];
  const error = parameterOf(challenge, "error");
  if (error === "insufficient_scope") return ["insufficient_scope", "anonymous_user"];
  if (error !== undefined) return [error];
  return status === 401 ? ["missing_token", "refresh_rejected"] : [];
}

function parameterOf(challenge: string, name: string): string | undefined {
  return new RegExp(`[\\s,]${name}="([^"]*)"`).exec(challenge)?.[1];
}

function challengeOf(headers: unknown): string {
  if (!isRecord(headers)) return "";
  const value: unknown = isHeaders(headers) ? headers.get("www-authenticate") : headers["www-authenticate"];
  return Array.isArray(value) ? value.join(", ") : typeof value === "string" ? value : "";
}

function isHeaders(headers: object): headers is Pick<Headers, "get"> {
  return "get" in headers && typeof headers.get === "function";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function noAnswer(): TypeError {
  return new TypeError("this is no answer of supertest, inject() or fetch; is an await missing in front of it?");
}
