import { createCloudbaseAuth } from "@cloudbase-auth/core";
import type { CloudbaseAuth } from "@cloudbase-auth/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bearer } from "./cases/case.ts";
import { contractRoutes, sightOf } from "./contract-app.ts";
import type { RunningServer, StartServer } from "./contract-app.ts";
import { exchange } from "./wire.ts";
import type { WireResponse } from "./wire.ts";

const docsBaseUrl = "https://docs.example/errors";
const challenge = 'Bearer realm="cloudbase"';
const texts = {
  en: "No access token was presented; send one as a Bearer token in the Authorization header.",
  zh: "请求没有携带访问令牌；请在 Authorization 请求头中以 Bearer 方式携带。",
  badInZh: "访问令牌格式错误、已过期、已撤销，或不是签发给本服务的；请刷新令牌或重新登录。",
};

/** Declares the tests of option `locale`. The challenge is English in all of them (RFC 6750 §3). */
export function runLanguages(startServer: StartServer): void {
  const servers = new Map<string, RunningServer>();
  const instances: CloudbaseAuth[] = [];

  beforeAll(async () => {
    for (const locale of ["auto", "zh"] as const) {
      for (const problemDetails of [true, false]) {
        const auth = createCloudbaseAuth({ envId: "demo", endpoint: "http://127.0.0.1:1", locale, docsBaseUrl });
        instances.push(auth);
        const server = await startServer({ auth, routes: contractRoutes, problemDetails, see: sightOf });
        servers.set(`${locale} ${String(problemDetails)}`, server);
      }
    }
  });
  afterAll(() => Promise.all([...servers.values(), ...instances].map((opened) => opened.close())));

  async function ask(
    locale: "auto" | "zh",
    problemDetails: boolean,
    lines: readonly string[],
    target = "/me",
  ): Promise<WireResponse> {
    return exchange(servers.get(`${locale} ${String(problemDetails)}`)?.port ?? 0, { target, lines });
  }

  test.for([
    { lines: ["Accept-Language: zh-CN,zh;q=0.9,en;q=0.8"], language: "zh", title: "需要登录" },
    { lines: ["Accept-Language: en-GB,en;q=0.9,zh;q=0.8"], language: "en", title: "Sign-in required" },
    { lines: ["Accept-Language: fr", "Accept-Language: zh;q=0.1"], language: "zh", title: "需要登录" },
    { lines: [], language: "en", title: "Sign-in required" },
  ] as const)("auto, $lines: the problem is in $language and says so", async ({ lines, language, title }) => {
    const answer = await ask("auto", true, lines);
    const type = `${docsBaseUrl}/missing_token`;
    const problem = { type, title, status: 401, detail: texts[language], code: "missing_token" };
    expect(answer.body).toBe(JSON.stringify(problem));
    expect(headersOf(answer)).toMatchObject({
      "content-language": language,
      "content-length": String(Buffer.byteLength(answer.body)),
      vary: "Accept-Language",
      "www-authenticate": challenge,
    });
  });

  test("auto: optionalUser() follows the request too, and the next request its own", async () => {
    const bodies = [];
    for (const language of ["zh", "en", "zh"]) {
      bodies.push((await ask("auto", true, [bearer("bad"), `Accept-Language: ${language}`], "/optional")).body);
    }
    expect(bodies[0]).toContain(texts.badInZh);
    expect(bodies[1]).toContain("Access token not accepted");
    expect(bodies[2]).toBe(bodies[0]);
  });

  test("zh: everybody is answered in Chinese, and nothing varies", async () => {
    const answer = await ask("zh", true, ["Accept-Language: en"]);
    expect(answer.body).toContain(texts.zh);
    expect(headersOf(answer)).toMatchObject({ "content-language": "zh", "www-authenticate": challenge });
    expect(headersOf(answer)).not.toHaveProperty("vary");
  });

  test("the framework's own error handling, which sends the message, has it in the language", async () => {
    for (const [locale, language] of [
      ["auto", "zh"],
      ["zh", "en"],
    ] as const) {
      const answer = await ask(locale, false, [`Accept-Language: ${language}`]);
      expect(answer.status).toBe(401);
      expect(answer.body).toContain(texts.zh);
      expect(headersOf(answer)).toMatchObject({ "www-authenticate": challenge });
    }
    expect((await ask("auto", false, [])).body).toContain(texts.en);
  });
}

function headersOf({ headers }: WireResponse): Record<string, string> {
  return Object.fromEntries(headers);
}
