import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { adapters } from "./support/adapters.ts";
import { bounds, median } from "./support/bounds.ts";
import { expectUnavailable } from "./support/expect-unavailable.ts";
import { faultsOf, slow } from "./support/faults.ts";
import { createIssuerKey } from "./support/issuer.ts";
import { breakIntrospection, startSubject } from "./support/subject.ts";
import type { Answer, Subject } from "./support/subject.ts";
import { active, inactive, introspectPath, keySetPath, startUpstream, status } from "./support/upstream.ts";
import { until } from "./support/until.ts";

// The cases mostly wait for time-outs and for the breaker, and each has a server of its own.
vi.setConfig({ maxConcurrency: 48, testTimeout: 60_000 });

const key = await createIssuerKey("a");
// An hour old, so that hybrid asks about them too.
const tokens = Array.from({ length: 110 }, (_, n) => key.issue({ n }));
const [token = "", other = "", ...more] = tokens;
const elsewhere = await startUpstream(key);
const faults = faultsOf(elsewhere.endpoint);
// A call is made up to three times within its 2 seconds.
const attempts = 3;

const introspecting = { verification: { mode: "introspection" } } as const;
const hybrid = (onUnavailable: "fail" | { readonly allowStaleSeconds: number }) =>
  ({ verification: { mode: "hybrid", introspectAfterSeconds: 1, onUnavailable } }) as const;

const ask = (subject: Subject, presented: readonly string[]): Promise<Answer[]> =>
  Promise.all(presented.map((each) => subject.ask(each)));
const questions = ({ upstream }: Subject): number => upstream.count(introspectPath);

describe.concurrent.for(adapters)("$name", ({ start }) => {
  const begin = async (options: object, context: Pick<Parameters<typeof startSubject>[0], "onTestFinished">) => {
    const subject = await startSubject({ start, keys: [key], options, onTestFinished: context.onTestFinished });
    await subject.auth.ready();
    return subject;
  };

  describe.for([
    ["introspection", introspecting],
    ["hybrid, fail", hybrid("fail")],
  ] as const)("%s", ([, options]) => {
    it.for(faults)("F18 F20: $name: 503, and the breaker", async ({ behaviour, requests }, context) => {
      const subject = await begin(options, context);
      expect(await subject.ask(token)).toMatchObject({ status: 200 });
      await breakIntrospection(subject, behaviour);
      const failures = await ask(subject, more.slice(0, 5));
      for (const failure of failures) {
        expectUnavailable(failure);
        // A failure that shows at once is repeated within the 2 seconds.
        expect(failure.ms).toBeLessThan(bounds.hangMs);
      }
      const openSince = performance.now();
      const whileOpen = [];
      for (const each of more.slice(5, 5 + requests)) whileOpen.push(await subject.ask(each));
      for (const answer of whileOpen) expectUnavailable(answer);
      expect(median(whileOpen.map(({ ms }) => ms))).toBeLessThan(bounds.atHandMs);
      // Five failures open it; after 5 seconds one call goes through, and a slow machine gets there.
      const tries = 5 + Math.floor((performance.now() - openSince + bounds.atHandMs) / 5_000);
      expect(questions(subject) - 1).toBeLessThanOrEqual(tries * attempts);
    });
  });

  it.for(faults)("F18: hybrid, allowStaleSeconds, $name: the local word", async ({ behaviour }, context) => {
    const subject = await begin(hybrid({ allowStaleSeconds: 7_200 }), context);
    await breakIntrospection(subject, behaviour);
    const waited = await ask(subject, more.slice(0, 5));
    expect(waited.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200]);
    for (const { ms } of waited) expect(ms).toBeLessThan(bounds.hangMs);
    const later = [];
    for (const each of more.slice(5, 25)) later.push(await subject.ask(each));
    expect(later.filter((answer) => answer.status !== 200)).toEqual([]);
    expect(median(later.map(({ ms }) => ms))).toBeLessThan(bounds.atHandMs);
    expect(await subject.ask(key.issue({ iat: 1, exp: undefined }))).toMatchObject({ status: 401 });
  });

  it("warm: a word at hand counts while the server is down, and asks nobody", async (context) => {
    const subject = await begin(introspecting, context);
    await ask(subject, [token, token]);
    await subject.upstream.refuse();
    for (const { status: code } of await ask(subject, Array<string>(100).fill(token))) expect(code).toBe(200);
    expect(questions(subject)).toBe(1);
  });

  it("F19: 429 is obeyed, for everybody, while words at hand keep counting", async (context) => {
    const subject = await begin(introspecting, context);
    await subject.ask(token);
    subject.upstream.introspection = status(429, { "retry-after": "60" }, { error: "resource_exhausted" });
    const [limited, next] = [await subject.ask(other), await subject.ask(more[0] ?? "")];
    for (const answer of [limited, next]) expectUnavailable(answer);
    expect(limited.retryAfter).toBe("60");
    expect(questions(subject)).toBe(2);
    expect(await subject.ask(token)).toMatchObject({ status: 200 });
  });

  it("F21: every question fails once and passes when repeated: all 200", async (context) => {
    const subject = await begin(introspecting, context);
    const failed = new Set<string | undefined>();
    subject.upstream.introspection = (request, response) => {
      const { authorization } = request.headers;
      if (failed.has(authorization)) return active(request, response);
      failed.add(authorization);
      if (failed.size % 2 === 1) request.socket.resetAndDestroy();
      else status(503)(request, response);
    };
    const answers = await ask(subject, more.slice(0, 100));
    expect(answers.filter((answer) => answer.status !== 200)).toEqual([]);
    expect(questions(subject)).toBe(200);
  });

  it("F23: slow, and 100 requests with one token: one question", async (context) => {
    const subject = await begin(introspecting, context);
    subject.upstream.introspection = slow(active);
    const answers = await ask(subject, Array<string>(100).fill(token));
    expect(answers.filter((answer) => answer.status !== 200)).toEqual([]);
    expect(questions(subject)).toBe(1);
  });

  it("IN-09: our own credentials refused: 503, never 401", async (context) => {
    const options = { ...introspecting, clientId: "c", clientSecret: "s", client: { dialect: "skill" } };
    const subject = await begin(options, context);
    for (const code of [401, 403]) {
      subject.upstream.introspection = status(code, {}, { error: "invalid_client" });
      expectUnavailable(await subject.ask(token));
    }
  });

  it("the key set broken: no matter to introspection; to hybrid 503, and the server is not asked", async (context) => {
    const [alone, both] = [
      await startSubject({ start, keys: [key], options: introspecting, ...context }),
      await startSubject({ start, keys: [key], options: hybrid("fail"), ...context }),
    ];
    for (const { upstream } of [alone, both]) upstream.keySet = status(500);
    expect(await alone.ask(token)).toMatchObject({ status: 200 });
    expect(alone.upstream.count(keySetPath)).toBe(0);
    expectUnavailable(await both.ask(token));
    expect(await both.ask(token, "/open")).toMatchObject({ sight: { state: "unavailable", reason: "key_set" } });
    expect(questions(both)).toBe(0);
  });

  it("F43: a caller that goes away leaves the others their answer", async (context) => {
    const subject = await begin(introspecting, context);
    const release: (() => void)[] = [];
    subject.upstream.introspection = (request, response) => release.push(() => inactive(request, response));
    const gone = connect(subject.port, "127.0.0.1");
    gone.write(`GET /me HTTP/1.1\r\nHost: contract.test\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    await until(
      () => release.length,
      (count) => count === 1,
    );
    const waiting = subject.ask(token);
    gone.resetAndDestroy();
    await once(gone, "close");
    for (const answer of release) answer();
    expect(await waiting).toMatchObject({ status: 401 });
    expect(questions(subject)).toBe(1);
  });
});

it("JK-01: the target of the redirects was never called", async () => {
  expect([elsewhere.count(introspectPath), elsewhere.count(keySetPath)]).toEqual([0, 0]);
  await elsewhere.close();
});
