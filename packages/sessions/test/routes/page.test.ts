import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { defaultAttemptLimits } from "../../src/routes/attempt-limits.ts";
import { routeTable } from "../../src/routes/table.ts";
import { createMemorySessionStore } from "../../src/index.ts";
import { enter, prove } from "./support/people.ts";
import { formatRouteTable, tightLine } from "./support/route-page.ts";
import { createStages, lihua, newcomer, password } from "./support/stage.ts";
import type { Answer } from "./support/visitor.ts";

const page = readFileSync(new URL("../../ROUTES.md", import.meta.url), "utf8");
const stages = createStages();
afterAll(() => stages.close());

describe("ROUTES.md", () => {
  it.each(["session", "tokens"] as const)("has every route of mode %s, with its fields and its answer", (mode) => {
    const heading = page.indexOf(`## Mode \`${mode}\``);
    expect(heading).toBeGreaterThan(0);
    const table = page
      .slice(heading)
      .split("\n")
      .filter((line) => line.startsWith("|"));
    const expected = formatRouteTable(mode);
    expect(table.slice(0, expected.length).map(tightLine)).toEqual(expected.map(tightLine));
    expect(new Set(expected).size).toBe(expected.length);
  });

  it("has the limits as they are", () => {
    const { beforeCaptcha, ...pairs } = defaultAttemptLimits;
    expect(beforeCaptcha).toEqual({ attempts: 5, perSeconds: 86_400 });
    expect(page).toContain("After 5 passwords for one account in 24 hours");
    for (const [name, { perIp, perAccount }] of Object.entries(pairs)) {
      const line = page.split("\n").find((candidate) => candidate.startsWith(`| \`${name}\` `)) ?? "";
      expect(tightLine(line)).toMatch(
        new RegExp(`\\| ${String(perIp.attempts)} \\| ${String(perAccount.attempts)} \\|`),
      );
      expect([perIp.perSeconds, perAccount.perSeconds]).toEqual([900, 900]);
    }
  });
});

describe("the table's answers", () => {
  it("are what the routes of mode session answer, member by member", async () => {
    const stage = await stages.open({}, { store: createMemorySessionStore() });
    const visitor = stage.visitor();
    const seen = new Set<string>();
    const check = (name: string, { status, json }: Answer): void => {
      const [method, path] = name.split(" ");
      const answers = routeTable.find((route) => route.method === method && route.path === path)?.answers.session;
      if (answers === "303" || answers === undefined) throw new Error(`${name} answers no body`);
      expect([name, status]).toEqual([name, answers.length === 0 ? 204 : 200]);
      const members = json === undefined ? [] : Object.keys(json as object);
      for (const member of members) expect(answers.map((known) => known.replace("?", ""))).toContain(member);
      for (const known of answers) if (!known.endsWith("?")) expect(members).toContain(known);
      seen.add(name);
    };
    const newPassword = `${password}-new`;
    const verified = true;
    check("POST /anonymous", await visitor.post("/anonymous"));
    check("POST /verification", await visitor.post("/verification", { email: newcomer }));
    const code = stage.codeFor(newcomer);
    check("POST /verification/verify", await visitor.post("/verification/verify", { code }));
    check("POST /signup", await visitor.post("/signup", { verified }));
    await prove(stage, visitor, newcomer);
    check("POST /reset", await visitor.post("/reset", { verified, newPassword }));
    check("POST /captcha", await visitor.post("/captcha", {}));
    check("POST /captcha", await visitor.post("/captcha", { answer: stage.emulator.inbox.captchas().at(-1)?.text }));
    check("POST /signin", await visitor.post("/signin", { username: newcomer, password: newPassword }));
    check("POST /refresh", await visitor.post("/refresh"));
    check("GET /me", await visitor.get("/me"));
    check("GET /providers", await visitor.get("/providers"));
    check("POST /provider/:id/bind", await visitor.post("/provider/demo_provider/bind", {}));
    check("GET /sessions", await visitor.get("/sessions"));
    check(
      "PATCH /password",
      await visitor.send("PATCH", "/password", { password: newPassword, newPassword: password }),
    );
    check("DELETE /me", await visitor.send("DELETE", "/me", { password }));
    check("POST /signout", await (await enter(stage)).post("/signout"));
    check(
      "POST /signout/everywhere",
      await (await enter(stage, stage.visitor(), lihua.email)).post("/signout/everywhere"),
    );
    // The rest is 303, or needs somebody elsewhere; their own tests have them.
    const rest = [
      "DELETE /sessions/:handle",
      "DELETE /provider/:id",
      "GET /provider/:id",
      "GET /provider/:id/callback",
    ];
    const all = routeTable.map(({ method, path }) => `${method} ${path}`);
    expect(new Set([...seen, ...rest])).toEqual(new Set(all));
  });
});
