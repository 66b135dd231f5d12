import { createCloudbaseAuth } from "@cloudbase-auth/core";

/** What an event function gets of a request over HTTP. */
interface HttpEvent {
  readonly httpMethod: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

const auth = createCloudbaseAuth(); // outside of the handler: a warm instance keeps its keys

export async function main(event: HttpEvent) {
  const headers = Object.fromEntries(Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const request = { method: event.httpMethod, url: event.path, headers };
  const result = await auth.authenticate(request);
  const refusal = await auth.authorize(result, {}, request);
  if (refusal) return answer(refusal.status, { code: refusal.code }, refusal.headers);
  return answer(200, { id: result.user?.id });
}

function answer(statusCode: number, body: object, headers: Readonly<Record<string, string>> = {}) {
  return { statusCode, headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) };
}
