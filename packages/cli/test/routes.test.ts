import { describe, expect, it } from "vitest";
import { run } from "./support/command.ts";

const app = (name: string): string => new URL(`./apps/${name}.ts`, import.meta.url).pathname;
const variables = { CLOUDBASE_ENV_ID: "demo" };

describe("routes", () => {
  it("Express: who may call what, and which route says nothing; what the application prints is not in the table", async () => {
    const { code, out, err } = await run(["routes", app("express")], variables);
    expect(out).toMatchInlineSnapshot(`
      "GET  /health     public
      GET  /me         user {"scopes":["user"]}
      GET  /forgotten  undeclared

      1 route does not say who may call it: put requireUser(), optionalUser() or publicRoute() in front.
      "
    `);
    expect(err).toBe("a line that the application prints\n");
    expect(code).toBe(1);
  });

  it("Koa, made by a function", async () => {
    const { code, out } = await run(["routes", app("koa")], variables);
    expect(out).toMatchInlineSnapshot(`
      "GET  /health  public
      GET  /me      user

      Every route says who may call it.
      "
    `);
    expect(code).toBe(0);
  });

  it("Fastify, which listens while it is loaded, but not at its own port", async () => {
    const { code, out } = await run(["routes", "--json", app("fastify")], variables);
    const requirements = [{ groups: ["editors"] }];
    expect(JSON.parse(out)).toEqual([{ method: "GET", path: "/me", access: "user", requirements, opaque: false }]);
    expect(code).toBe(0);
  });

  it("what it needs to start can come from a file", async () => {
    const { code, err } = await run(["routes", app("koa")]);
    expect(err).toContain(
      "The application could not be looked at: TypeError: option envId (variable CLOUDBASE_ENV_ID)",
    );
    expect(code).toBe(2);
    const file = new URL("./apps/demo.env", import.meta.url).pathname;
    expect((await run(["routes", "--dotenv", file, app("koa")])).code).toBe(0);
  });

  it.each([
    ["nothing", "The module exports no application of Express, Koa or Fastify"],
    ["ends-early", "The application ended with 7 before its routes could be read."],
    ["gone", "There is no file"],
  ])("%s: says what to do", async (name, sentence) => {
    const { code, out, err } = await run(["routes", app(name)], variables);
    expect(err).toContain(sentence);
    expect(err).toMatch(/\n {2}→ \S/);
    expect([code, out]).toEqual([2, ""]);
  });
});
