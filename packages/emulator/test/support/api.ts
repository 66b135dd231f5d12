import type { Emulator } from "@cloudbase-auth/emulator";

/** An answer of the API with its JSON body, as yet unread. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Request {
  readonly bearer?: string | undefined;
  readonly basic?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a string as it is. */
  readonly body?: object | string | undefined;
}

/** `METHOD /path` below /auth/v1 by Node's own fetch. */
export async function call({ endpoint }: Emulator, line: string, request: Request = {}): Promise<Answer> {
  const [method = "", path = ""] = line.split(" ");
  const { bearer, basic, body } = request;
  const response = await fetch(`${endpoint}${path.startsWith("/emulator") ? "" : "/auth/v1"}${path}`, {
    method,
    headers: {
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(basic === undefined ? {} : { authorization: `Basic ${btoa(basic)}` }),
      ...request.headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const parsed: unknown = await response.json();
  if (!isObject(parsed)) throw new Error(`${line} answered no JSON object`);
  return { status: response.status, headers: response.headers, body: parsed };
}

/** A text member of an answer; a test that needs one fails with the whole answer in its hand. */
export function text({ status, body }: Pick<Answer, "status" | "body">, member: string): string {
  const value = body[member];
  if (typeof value === "string") return value;
  throw new Error(`no ${member} in ${String(status)} ${JSON.stringify(body)}`);
}

/**
 * What a refusal comes down to: "400 invalid_argument". Fails unless the body has exactly the documented members, of
 * which `details` is optional.
 */
export function refusal({ status, body }: Answer): string {
  const members = Object.keys(body)
    .filter((member) => member !== "details")
    .toSorted()
    .join();
  if (members !== "error,error_code,error_description") throw new Error(`no error body: ${JSON.stringify(body)}`);
  if (typeof body["error_code"] !== "number") throw new Error("error_code is no number");
  return `${String(status)} ${text({ status, body }, "error")}`;
}

export interface Tokens {
  readonly access: string;
  readonly refresh: string;
  readonly sub: string;
}

export function tokens(answer: Answer): Tokens {
  return {
    access: text(answer, "access_token"),
    refresh: text(answer, "refresh_token"),
    sub: text(answer, "sub"),
  };
}

export async function signIn(emulator: Emulator, username: string, password: string): Promise<Tokens> {
  return tokens(await call(emulator, "POST /signin", { body: { username, password } }));
}

/** Has a code sent to a phone number or e-mail address, and trades it for a verification_token. */
export async function verify(emulator: Emulator, to: string): Promise<string> {
  const address = to.startsWith("+") ? { phone_number: to } : { email: to };
  const sent = await call(emulator, "POST /verification", { body: { target: "ANY", ...address } });
  const verified = await call(emulator, "POST /verification/verify", {
    body: { verification_id: text(sent, "verification_id"), verification_code: emulator.inbox.latest(to) },
  });
  return text(verified, "verification_token");
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
