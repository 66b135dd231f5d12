/** An answer of the Auth API: the status and the members that the tour reads. */
export interface ApiAnswer {
  readonly status: number;
  readonly text: (name: string) => string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Calls the Auth v2 HTTP API as any client would. */
export async function callApi(
  endpoint: string,
  method: "GET" | "POST",
  path: string,
  { body, token }: { readonly body?: object; readonly token?: string } = {},
): Promise<ApiAnswer> {
  const response = await fetch(`${endpoint}/auth/v1${path}`, {
    method,
    headers: {
      "x-device-id": "tour-device-0000000001",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (typeof answer !== "object" || answer === null)
    throw new Error(`${method} ${path} was not answered with an object`);
  const members = new Map<string, unknown>(Object.entries(answer));
  return {
    status: response.status,
    body: Object.fromEntries(members),
    text(name) {
      const value = members.get(name);
      if (typeof value === "string") return value;
      throw new Error(
        `${method} ${path} was answered ${String(response.status)} without ${name}: ${JSON.stringify(answer)}`,
      );
    },
  };
}
