import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { all, any, createCloudbaseAuth, explain, not } from "../src/index.ts";
import type { AuthError, AuthRequest, Check, CloudbaseUser, Requirement } from "../src/index.ts";
import { active, inactive, json, startAuthServer } from "./support/auth-server.ts";
import { useHarness } from "./support/harness.ts";
import { issue } from "./support/tokens.ts";

const harness = useHarness();

async function verdict(
  claims: object,
  requirement: Requirement,
  request?: AuthRequest,
): Promise<AuthError | undefined> {
  return harness.auth.authorize(await harness.authenticate(issue({ ...claims })), requirement, request);
}

const anonymous = { scope: "anonymous" };
const refusedFor = (reason: string): object => ({ code: "forbidden", status: 403, reason, headers: {} });

describe("conditions", () => {
  it.each<[string, object, Requirement]>([
    ["anyScope: one of them", { scope: "b c" }, { anyScope: ["a", "b"] }],
    ["scopes and anyScope", { scope: "a c" }, { scopes: ["a"], anyScope: ["b", "c"] }],
    ["providers: one of them", { provider: "email" }, { providers: ["phone", "email"] }],
    ["providers: by provider_type", { provider_type: "wx_open" }, { providers: ["wx_open"] }],
    ["check: true", {}, { check: () => true }],
    ["check: true, later", {}, { check: () => Promise.resolve(true) }],
  ])("held: %s", async (_title, claims, requirement) => {
    expect(await verdict({ provider: undefined, ...claims }, requirement)).toBeUndefined();
  });

  it.each<[string, object, Requirement, object]>([
    ["anyScope: none of them", { scope: "c" }, { anyScope: ["a", "b"] }, { code: "insufficient_scope" }],
    ["providers: another", { provider: "email" }, { providers: ["phone"] }, refusedFor("provider")],
    [
      "providers: none",
      { provider: undefined, provider_type: undefined },
      { providers: ["phone"] },
      refusedFor("provider"),
    ],
    ["check: false", {}, { check: () => false }, refusedFor("check")],
    ["check: false, later", {}, { check: () => Promise.resolve(false) }, refusedFor("check")],
  ])("not held: %s", async (_title, claims, requirement, refusal) => {
    expect(await verdict(claims, requirement)).toMatchObject(refusal);
  });

  it("RFC 6750 §3: the challenge names every scope that is missing, those of anyScope too", async () => {
    const refusal = await verdict({ scope: "x" }, { scopes: ["a", "b"], anyScope: ["b", "c"] });
    expect(refusal?.headers["WWW-Authenticate"]).toContain('scope="a b c"');
  });

  it("check sees the user, how we know, and the request; and is asked only if all else holds", async () => {
    const check = vi.fn(() => true);
    const request: AuthRequest = { headers: {}, url: "/posts/1" };
    await verdict({ groups: ["a"] }, { groups: ["b"], check }, request);
    expect(check).not.toHaveBeenCalled();
    await verdict({ groups: ["a"] }, { groups: ["a"], check }, request);
    const [user, auth, seen] = check.mock.calls[0] as unknown as [CloudbaseUser, { state: string }, AuthRequest];
    expect(user.groups).toEqual(["a"]);
    expect(auth.state).toBe("authenticated");
    expect(seen).toBe(request);
  });

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["1", 1],
    ["a text", "yes"],
    ["null", null],
  ])("check that answers %s is a mistake and no pass", async (_title, answer) => {
    await expect(verdict({}, { check: () => answer as boolean })).rejects.toThrow("must answer true or false");
    await expect(verdict({}, { check: () => Promise.resolve(answer as boolean) })).rejects.toThrow(TypeError);
  });

  it("what check throws, at once or later, comes out as it is", async () => {
    const failure = new Error("the database is away");
    const throwing = (): never => {
      throw failure;
    };
    await expect(verdict({}, { check: throwing })).rejects.toBe(failure);
    await expect(verdict({}, { check: () => Promise.reject(failure) })).rejects.toBe(failure);
    await expect(verdict({}, any({ check: throwing }, {}))).rejects.toBe(failure);
  });
});

describe("composition", () => {
  const a = { groups: ["a"] };
  const b = { roles: ["b"] };
  it.each<[string, object, Requirement, object | undefined]>([
    ["all: both", { groups: ["a"], roles: ["b"] }, all(a, b), undefined],
    ["CVE d52b311f: all: only the first", { groups: ["a"] }, all(a, b), refusedFor("role")],
    ["CVE d52b311f: all: only the second", { roles: ["b"] }, all(a, b), refusedFor("group")],
    ["any: the second", { roles: ["b"] }, any(a, b), undefined],
    ["any: none", {}, any(a, b), refusedFor("group")],
    ["not: held", { groups: ["c"] }, not(a), undefined],
    ["not: turned round", { groups: ["a"] }, not(a), refusedFor("not")],
    ["not not", { groups: ["a"] }, not(not(a)), undefined],
    ["nested", { groups: ["a"], roles: ["c"] }, all(any(a, b), not({ roles: ["d"] })), undefined],
    ["anonymous users pass none that does not speak of them", anonymous, not(a), { code: "anonymous_user" }],
    ["nor twice turned round", anonymous, not(not({})), { code: "anonymous_user" }],
    ["nor beside one that lets them in", anonymous, all({ anonymous: "allow" }, not(a)), { code: "anonymous_user" }],
    ["they pass one that does", anonymous, any(a, { anonymous: "only" }), undefined],
    ["they pass not() if it speaks of them", anonymous, not({ anonymous: "allow", groups: ["a"] }), undefined],
    ["and not({ anonymous: only }) is for everybody else", {}, not({ anonymous: "only" }), undefined],
    ["and keeps them out", anonymous, not({ anonymous: "only" }), refusedFor("not")],
  ])("%s", async (_title, claims, requirement, refusal) => {
    const error = await verdict({ groups: undefined, roles: undefined, ...claims }, requirement);
    if (refusal === undefined) expect(error).toBeUndefined();
    else expect(error).toMatchObject(refusal);
  });

  it("of several refusals, the one that the user can do most about", async () => {
    const scoped = { scopes: ["x"] };
    expect(await verdict({}, any(a, scoped))).toMatchObject({ code: "insufficient_scope" });
    expect(await verdict(anonymous, any(a, { ...scoped, anonymous: "allow" }))).toMatchObject({
      code: "anonymous_user",
    });
    const missing = await verdict({ scope: "" }, all(scoped, a, { scopes: ["y"] }));
    expect(missing?.headers["WWW-Authenticate"]).toContain('scope="x"');
    const both = await verdict({ scope: "", groups: ["a"] }, all(scoped, a, { scopes: ["y"] }));
    expect(both?.headers["WWW-Authenticate"]).toContain('scope="x y"');
  });

  it("a check is not asked for what is decided already", async () => {
    const check = vi.fn(() => true);
    await verdict({}, all(a, { check }));
    await verdict({ scope: "" }, all({ scopes: ["x"] }, { check }));
    await verdict({ groups: ["a"] }, any(a, { check }));
    const nested = all({ scopes: ["x"] }, any(a, { check }), not({ check }), any(b, { freshSeconds: 1 }));
    expect(await verdict({ scope: "" }, nested)).toMatchObject({ code: "insufficient_scope" });
    expect(check).not.toHaveBeenCalled();
  });

  it("an answer of the server is final: 401 inactive ends any(), 503 stands unless another way holds", async () => {
    const server = await startAuthServer();
    const { createCloudbaseAuth } = await import("../src/index.ts");
    const auth = createCloudbaseAuth({ envId: "demo", endpoint: server.endpoint, onWarning: () => undefined });
    const result = await harness.authenticate(issue());
    const ask = { freshSeconds: 1 };
    const never = { groups: ["nobody"] };
    server.introspection = (_request, response) => json(response, {}, 500);
    expect(await auth.authorize(result, any(ask, never))).toMatchObject({ status: 503, reason: "introspection" });
    expect(await auth.authorize(result, any(ask, {}))).toBeUndefined();
    server.introspection = inactive;
    expect(await auth.authorize(result, any(ask, {}))).toMatchObject({ status: 401, reason: "inactive" });
    server.introspection = active;
    await auth.close();
    await server.close();
  });
});

describe("a requirement is checked where it is declared", () => {
  it.each<[string, () => unknown, string]>([
    ["an empty list", () => ({ anyScope: [] }), "requirement.anyScope must be an array of at least one"],
    ["a text for a list", () => ({ providers: "email" }), "requirement.providers must be an array"],
    ["a scope with a space", () => ({ anyScope: ["a b"] }), 'requirement.anyScope has "a b", which is not one scope'],
    ["a check that is none", () => ({ check: true }), "requirement.check must be a function"],
    ["nothing to hold", () => all(), "all() needs at least one requirement"],
    ["nothing to choose from", () => any(), "any() needs at least one requirement"],
    ["a misspelt member inside", () => any({}, all({ group: ["a"] } as object)), 'no member "group"'],
    ["a list inside", () => not([] as object), "the requirement must be an object"],
    ["an operator of somebody else", () => ({ all: [{}] }), 'no member "all"'],
    ["freshSeconds turned round", () => not(any({ freshSeconds: 3 }, {})), "not() cannot turn freshSeconds round"],
    ["only anonymous, and a person", () => all({ anonymous: "only" }, {}), "nobody could ever pass it"],
    ["not anybody", () => not({ anonymous: "allow" }), "nobody could ever pass it"],
    ["not a person", () => not({}), "nobody could ever pass it"],
  ])("%s is a TypeError", async (_title, make, message) => {
    const declare = async (): Promise<unknown> => harness.auth.authorize(nobody, make() as Requirement);
    await expect(declare()).rejects.toThrow(TypeError);
    await expect(declare()).rejects.toThrow(message);
  });
  const nobody = { auth: { state: "absent" as const }, user: undefined };
});

describe("explain", () => {
  it("says of every condition whether it held, and nothing of the user", async () => {
    const result = await harness.authenticate(issue({ groups: ["secret-group"], scope: "a" }));
    const requirement = all(
      { scopes: ["a", "b"], check: () => true },
      any({ groups: ["x"] }, { roles: ["y"] }),
      not({ groups: ["z"] }),
    );
    const explanation = await explain(result, requirement);
    expect(explanation).toEqual({
      state: "authenticated",
      held: false,
      requirement: {
        condition: "all",
        held: false,
        of: [
          {
            condition: "all",
            held: false,
            of: [
              { condition: "anonymous", wanted: "deny", held: true },
              { condition: "scopes", wanted: ["a", "b"], held: false },
              { condition: "check", held: true },
            ],
          },
          {
            condition: "any",
            held: false,
            of: [
              {
                condition: "all",
                held: false,
                of: [
                  { condition: "anonymous", wanted: "deny", held: true },
                  { condition: "groups", wanted: ["x"], held: false },
                ],
              },
              {
                condition: "all",
                held: false,
                of: [
                  { condition: "anonymous", wanted: "deny", held: true },
                  { condition: "roles", wanted: ["y"], held: false },
                ],
              },
            ],
          },
          {
            condition: "not",
            held: true,
            of: [{ condition: "all", held: false, of: [{ condition: "groups", wanted: ["z"], held: false }] }],
          },
        ],
      },
    });
    expect(JSON.stringify(explanation)).not.toContain("secret-group");
  });

  it("does not ask the server, and says so", async () => {
    const result = await harness.authenticate(issue());
    expect(await explain(result, { freshSeconds: 30 })).toMatchObject({ state: "authenticated", held: undefined });
    expect(await explain(result, { freshSeconds: 30, groups: ["x"] })).toMatchObject({ held: false });
  });

  it("is in the errors of an instance that explains, and in no other", async () => {
    const result = await harness.authenticate(issue());
    const requirement: Requirement = { groups: ["x"], anonymous: "deny" };
    const explaining = createCloudbaseAuth({ envId: "demo", explain: true });
    const refusal = await explaining.authorize(result, requirement);
    expect(refusal).toHaveProperty("explanation", await explain(result, requirement));
    expect(Object.keys(refusal ?? {})).not.toContain("explanation");
    expect(await explaining.authorize(result, {})).toBeUndefined();
    expect(await harness.auth.authorize(result, requirement)).not.toHaveProperty("explanation");
    await explaining.close();
  });

  it("changes no answer: a check that the decision does not need, and that throws, leaves the explanation out", async () => {
    const result = await harness.authenticate(issue());
    const explaining = createCloudbaseAuth({ envId: "demo", explain: true });
    const check = (): never => {
      throw new Error("no posts without a group");
    };
    const refusal = await explaining.authorize(result, { groups: ["x"], check });
    expect(refusal).toMatchObject({ code: "forbidden", reason: "group" });
    expect(refusal).not.toHaveProperty("explanation");
    expect(() => explaining.authorize(result, { check })).toThrow("no posts");
    await explaining.close();
  });

  it("takes whatever carries a result, and hands the request to the checks", async () => {
    const result = await harness.authenticate(issue());
    const request = { ...result, params: { id: "7" } };
    const check: Check<typeof request> = (_user, _auth, { params }) => params.id === "7";
    expect(await explain(request, { check }, request)).toMatchObject({ held: true });
    expect(await explain({ auth: { state: "absent" } }, { check }, request)).toEqual({ state: "absent", held: false });
    await expect(explain({}, {})).rejects.toThrow("needs a caller whom cloudbaseAuth() has seen");
  });

  it("of nobody there is nothing to say", async () => {
    expect(await explain(await harness.headers("Basic x"), {})).toEqual({ state: "absent", held: false });
    expect(await explain(await harness.authenticate("x"), {})).toEqual({ state: "rejected", held: false });
  });
});

describe("policy algebra, by property", () => {
  type Tree =
    | { readonly leaf: Readonly<Record<string, unknown>> }
    | { readonly op: "all" | "any"; readonly of: readonly Tree[] }
    | { readonly op: "not"; readonly of: readonly [Tree] };
  const names = fc.constantFrom("a", "b", "c");
  const some = fc.uniqueArray(names, { minLength: 1, maxLength: 2 });
  const answers = fc.record({ answer: fc.boolean(), later: fc.boolean() });
  const leaf = fc
    .record(
      {
        ...{ groups: some, roles: some, scopes: some, anyScope: some, providers: some },
        ...{ anonymous: fc.constantFrom("deny", "allow", "only"), check: answers },
      },
      { requiredKeys: [] },
    )
    .map((conditions) => ({ leaf: conditions }));
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.record({
        op: fc.constantFrom("all" as const, "any" as const),
        of: fc.array(tie("tree"), { minLength: 1, maxLength: 3 }),
      }),
      fc.record({ op: fc.constant("not" as const), of: fc.tuple(tie("tree")) }),
    ),
  }));
  const person = fc.record({
    groups: fc.uniqueArray(names, { maxLength: 3 }),
    roles: fc.uniqueArray(names, { maxLength: 3 }),
    scopes: fc.uniqueArray(names, { maxLength: 3 }),
    provider: fc.option(names, { nil: undefined }),
    anonymous: fc.boolean(),
  });
  type Person = typeof person extends fc.Arbitrary<infer T> ? T : never;

  const build = (node: Tree): Requirement => {
    if ("leaf" in node) {
      const { check, ...others } = node.leaf;
      if (check === undefined) return others;
      const { answer, later } = check as { readonly answer: boolean; readonly later: boolean };
      return { ...others, check: () => (later ? Promise.resolve(answer) : answer) };
    }
    const [first, ...others] = node.of.map(build);
    if (first === undefined) throw new Error("a node has parts");
    if (node.op === "not") return not(first);
    return node.op === "all" ? all(first, ...others) : any(first, ...others);
  };
  const speaks = (node: Tree): boolean => ("leaf" in node ? "anonymous" in node.leaf : node.of.some(speaks));
  /** The same, as plainly as it can be said: by truth values, with everything evaluated. */
  const holds = (node: Tree, user: Person, bare: boolean): boolean => {
    if ("leaf" in node) {
      const { anonymous: rule = bare ? "allow" : "deny", anyScope, providers, check, ...lists } = node.leaf;
      const fits = rule === "allow" || (rule === "only") === user.anonymous;
      return (
        fits &&
        (anyScope === undefined || user.scopes.some((one) => (anyScope as string[]).includes(one))) &&
        (providers === undefined || (providers as unknown[]).includes(user.provider)) &&
        (check === undefined || (check as { readonly answer: boolean }).answer) &&
        Object.entries(lists).every(([name, wanted]) =>
          (wanted as string[]).every((one) => (user[name as "groups"] as string[]).includes(one)),
        )
      );
    }
    if (node.op === "all") return node.of.every((part) => holds(part, user, bare));
    if (node.op === "any") return node.of.some((part) => holds(part, user, bare));
    if (!bare && user.anonymous && !speaks(node)) return false;
    return !node.of.every((part) => holds(part, user, true));
  };

  it("agrees with its truth table, for persons and anonymous users alike", async () => {
    const seen = { held: 0, refused: 0, never: 0 };
    await fc.assert(
      fc.asyncProperty(tree, person, async (node, user) => {
        const claims = {
          groups: user.groups,
          roles: user.roles,
          ...{ provider: user.provider, provider_type: undefined },
          scope: [...user.scopes, ...(user.anonymous ? ["anonymous"] : [])].join(" "),
        };
        const error = await verdict(claims, build(node)).catch((reason: unknown) => {
          // What nobody can ever pass is refused where it is declared; then it holds for nobody here either.
          if (reason instanceof TypeError && reason.message.includes("nobody could ever pass it")) return "never";
          throw reason;
        });
        expect(error === undefined).toBe(holds(node, user, false));
        if (error !== "never") {
          const result = await harness.authenticate(issue(claims));
          expect(await explain(result, build(node))).toMatchObject({ held: error === undefined });
        }
        seen[error === undefined ? "held" : error === "never" ? error : "refused"] += 1;
      }),
      { numRuns: 500, seed: 6750 },
    );
    // Each outcome came about again and again, or it would show little.
    expect(Object.entries(seen).filter(([, count]) => count < 10)).toEqual([]);
  });
});
