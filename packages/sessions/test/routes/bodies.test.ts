import { afterAll, describe, expect, it } from "vitest";
import { byPassword } from "./support/people.ts";
import { createStages, password } from "./support/stage.ts";

const stages = createStages();
afterAll(() => stages.close());

const own = { "sec-fetch-site": "same-origin", "content-type": "application/json" };

describe("a body", () => {
  it.each([
    ["nothing of which a parser made an empty object", {}, 200],
    ["the same, and it is said how long nothing is", { "content-length": "0" }, 200],
    ["a text of which a parser made an empty object", { "content-length": "4", "content-type": "text/plain" }, 415],
    ["the same in chunks", { "transfer-encoding": "chunked", "content-type": "text/plain" }, 415],
  ])("of /signout that is %s", async (_, headers, status) => {
    const { visitor } = await stages.open();
    const request = { headers: { "content-type": undefined, ...headers }, body: {} };
    expect((await visitor().post("/signout", undefined, request)).status).toBe(status);
  });

  const problems = (errors: readonly object[]) => ({ status: 400, json: { code: "invalid_input", errors } });

  it.each([
    [
      "nothing",
      undefined,
      [
        { field: "username", problem: "required" },
        { field: "password", problem: "required" },
      ],
    ],
    [
      "an empty object",
      {},
      [
        { field: "username", problem: "required" },
        { field: "password", problem: "required" },
      ],
    ],
    ["one field missing", { username: "lihua" }, [{ field: "password", problem: "required" }]],
    [
      "another type",
      { username: 7, password: ["x"] },
      [
        { field: "username", problem: "type" },
        { field: "password", problem: "type" },
      ],
    ],
    ["null", { username: null, password }, [{ field: "username", problem: "type" }]],
    [
      "an empty text",
      { username: "", password: "" },
      [
        { field: "username", problem: "length" },
        { field: "password", problem: "length" },
      ],
    ],
    [
      "a text too long",
      { username: "x".repeat(255), password: "x".repeat(257) },
      [
        { field: "username", problem: "length" },
        { field: "password", problem: "length" },
      ],
    ],
    ["a field of another route", { ...byPassword, email: "a@b" }, [{ field: "email", problem: "unknown" }]],
    ["a field of no route", { ...byPassword, SentinelName: 1 }, [{ field: "?", problem: "unknown" }]],
    [
      "a field of mode tokens",
      { ...byPassword, deviceId: "x".repeat(20) },
      [{ field: "deviceId", problem: "unknown" }],
    ],
    ["two forms at once", { ...byPassword, ticket: "x" }, [{ field: "ticket", problem: "unknown" }]],
    ["verified that is not", { verified: false }, [{ field: "verified", problem: "type" }]],
    ["a ticket with a line break", { ticket: "Sentinel\n" }, [{ field: "ticket", problem: "format" }]],
  ])("of /signin with %s: 400 that names it, and nothing that was sent", async (_, body, errors) => {
    const { visitor, asked } = await stages.open();
    expect(await visitor().post("/signin", body)).toMatchObject(problems(errors));
    expect(asked()).toEqual([]);
  });

  it.each([
    [{ email: "no address" }, [{ field: "email", problem: "format" }]],
    [{ phoneNumber: "13800000000" }, [{ field: "phoneNumber", problem: "format" }]],
    [{ email: "a@b.c", phoneNumber: "+86 13800000000" }, [{ field: "phoneNumber", problem: "unknown" }]],
    [{ email: "a@b.c", usage: "SIGN_IN" }, [{ field: "usage", problem: "format" }]],
    [{ email: "a@b.c", usage: 1 }, [{ field: "usage", problem: "format" }]],
  ])("of /verification %j: 400", async (body, errors) => {
    const { visitor } = await stages.open();
    expect(await visitor().post("/verification", body)).toMatchObject(problems(errors));
  });

  it("that is wrong is told so in Chinese to whoever reads that", async () => {
    const { visitor } = await stages.open();
    const answer = await visitor().post("/signin", {}, { headers: { ...own, "accept-language": "zh" } });
    expect(answer).toMatchObject({
      status: 400,
      json: { title: "提交的内容有误" },
      headers: { "Content-Language": "zh" },
    });
  });

  it("with __proto__ is refused or ignored, and changes no prototype", async () => {
    const { visitor } = await stages.open();
    for (const text of [
      '{"__proto__":{"username":"x"},"password":"y"}',
      '{"constructor":{"prototype":{"hit":1}},"password":"y"}',
    ]) {
      expect((await visitor().post("/signin", text)).status).toBe(400);
    }
    expect(Reflect.get({}, "username")).toBeUndefined();
    expect(Reflect.get({}, "hit")).toBeUndefined();
  });

  it.each([
    "[]",
    '"text"',
    "7",
    "null",
    "true",
    "{",
    '{"username":"a","username":"b","password":"c"}',
    "\ufeff{}",
    '{"a":{"b":{"c":1}}}',
    "username=a&password=b",
  ])("that is %j and no JSON object of its own kind: 400 without fields", async (text) => {
    const { visitor } = await stages.open();
    expect(await visitor().post("/signin", text)).toMatchObject(problems([]));
  });

  it("that a parser of the framework has read counts the same", async () => {
    const { visitor } = await stages.open();
    expect((await visitor().post("/signin", undefined, { body: byPassword })).status).toBe(200);
    for (const body of [[], [byPassword], 7, true, null]) {
      expect((await visitor().post("/signin", undefined, { body })).status).toBe(body === null ? 413 : 400);
    }
  });

  it.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonx",
    "text/json",
    "",
    undefined,
  ])("of type %j: 415", async (type) => {
    const { visitor } = await stages.open();
    const headers = { "sec-fetch-site": "same-origin", "content-type": type };
    expect(await visitor().post("/signin", byPassword, { headers })).toMatchObject({
      status: 415,
      json: { title: "Unsupported Media Type" },
    });
  });

  it.each(["application/json", "application/json; charset=utf-8", "Application/JSON ;charset=utf-8"])(
    "of type %j is read",
    async (type) => {
      const { visitor } = await stages.open();
      const headers = { "sec-fetch-site": "same-origin", "content-type": type };
      expect((await visitor().post("/signin", byPassword, { headers })).status).toBe(200);
    },
  );

  it("longer than 16 KiB: 413", async () => {
    const { visitor } = await stages.open();
    expect(await visitor().post("/signin", null)).toMatchObject({ status: 413, json: { code: "content_too_large" } });
  });

  it("is not looked at where none is taken, except that it must have no fields", async () => {
    const { visitor } = await stages.open();
    expect((await visitor().post("/signout", {})).status).toBe(200);
    expect(await visitor().post("/signout", { everywhere: true })).toMatchObject(
      problems([{ field: "?", problem: "unknown" }]),
    );
  });
});
