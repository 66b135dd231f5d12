import { createEmulator } from "@cloudbase-auth/emulator";
import type { Emulator } from "@cloudbase-auth/emulator";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, refusal, text } from "./support/api.ts";
import type { Request } from "./support/api.ts";

const users = [{ username: "lihua", password: "right" }];
const body = { username: "lihua", password: "right" };
const aud = async (emulator: Emulator, query: string, request: Request) =>
  decodeJwt(text(await call(emulator, `POST /signin${query}`, { body, ...request }), "access_token")).aud;

let open: Emulator;
let closed: Emulator;
beforeAll(async () => {
  [open, closed] = await Promise.all([
    createEmulator({ envId: "demo", users }),
    createEmulator({ envId: "demo", users, clientId: "backend", clientSecret: "s3c:ret/+%" }),
  ]);
});
afterAll(() => Promise.all([open.close(), closed.close()]));

describe("the client (RFC 6749 §2.3)", () => {
  it.each<[string, string, Request]>([
    ["demo", "", {}],
    ["app", "?client_id=app", {}],
    ["backend", "", { basic: "backend:any" }],
    ["app", "?client_id=app", { basic: "backend:any" }],
    ["mobile", "", { body: { ...body, client_id: "mobile" } }],
  ])("is %s for %j %j", async (expected, query, request) => {
    expect(await aud(open, query, request)).toBe(expected);
  });

  it.each<[string, string, Request]>([
    ["the secret as it is", "", { basic: "backend:s3c:ret/+%" }],
    ["the secret form-encoded", "", { basic: "backend:s3c%3Aret%2F%2B%25" }],
    ["the secret in the body", "", { body: { ...body, client_id: "backend", client_secret: "s3c:ret/+%" } }],
    ["no secret", "?client_id=backend", {}],
  ])("registered, is known by %s", async (_title, query, request) => {
    expect(await aud(closed, query, request)).toBe("backend");
  });

  it.each<[string, string, Request, string]>([
    ["a wrong secret", "", { basic: "backend:wrong" }, "unauthorized_client"],
    ["an empty secret", "", { basic: "backend:" }, "unauthorized_client"],
    ["an unknown client", "", { basic: "other:s3c:ret/+%" }, "invalid_client"],
    ["an unknown client_id", "?client_id=other", {}, "invalid_client"],
    [
      "a wrong secret in the body",
      "",
      { body: { ...body, client_id: "backend", client_secret: "x" } },
      "unauthorized_client",
    ],
    ["a Basic without a colon", "", { basic: "backend" }, "invalid_client"],
    ["an unknown scheme", "", { headers: { authorization: "Digest x" } }, "invalid_client"],
  ])("registered, is refused for %s", async (_title, query, request, error) => {
    const answer = await call(closed, `POST /signin${query}`, { body, ...request });
    expect(refusal(answer)).toBe(`401 ${error}`);
    expect(answer.headers.get("www-authenticate")).toBe('Basic realm="demo"');
  });

  it("is the environment itself when only a secret is registered", async () => {
    const emulator = await createEmulator({ envId: "demo", users, clientSecret: "secret" });
    expect(await aud(emulator, "", { basic: "demo:secret" })).toBe("demo");
    expect(refusal(await call(emulator, "POST /signin", { basic: "demo:x", body }))).toBe("401 unauthorized_client");
    await emulator.close();
  });
});
