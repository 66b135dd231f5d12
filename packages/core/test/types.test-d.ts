import { describe, expectTypeOf, it } from "vitest";
import { createCloudbaseAuth } from "../src/index.ts";
import type { Auth, AuthError, AuthResult, CloudbaseAuthOptions, CloudbaseUser, Conditions } from "../src/index.ts";

describe("the state tells what is there, so that no handler reads an error of a good token", () => {
  it("narrows", () => {
    const auth = {} as Auth;
    if (auth.state === "authenticated") {
      expectTypeOf(auth.token).toEqualTypeOf<string>();
      expectTypeOf(auth.expiresAt).toEqualTypeOf<number>();
      expectTypeOf(auth).not.toHaveProperty("error");
    } else if (auth.state === "absent") {
      expectTypeOf(auth).toEqualTypeOf<{ readonly state: "absent" }>();
    } else {
      expectTypeOf(auth.error).toEqualTypeOf<AuthError>();
      expectTypeOf(auth).not.toHaveProperty("claims");
    }
  });

  it("the user may be missing, and nothing of it can be written", () => {
    expectTypeOf<AuthResult["user"]>().toEqualTypeOf<CloudbaseUser | undefined>();
    expectTypeOf<CloudbaseUser["groups"]>().toEqualTypeOf<readonly string[]>();
    const user = {} as CloudbaseUser;
    // @ts-expect-error a user object is shared between requests
    user.id = "x";
  });
});

describe("options that exclude each other do not compile together", () => {
  it("one environment, several, or none", () => {
    expectTypeOf<{ envId: string }>().toExtend<CloudbaseAuthOptions>();
    expectTypeOf<{ environments: { envId: string }[]; realm: string }>().toExtend<CloudbaseAuthOptions>();
    expectTypeOf<Record<never, never>>().toExtend<CloudbaseAuthOptions>();
    expectTypeOf<{ environments: { envId: string }[]; envId: string }>().not.toExtend<CloudbaseAuthOptions>();
    expectTypeOf<{ environments: { region: string }[] }>().not.toExtend<CloudbaseAuthOptions>();
    expectTypeOf<{ envId: string; algorithms: "HS256"[] }>().not.toExtend<CloudbaseAuthOptions>();
  });

  it("a misspelt requirement does not either", () => {
    expectTypeOf<Conditions["anonymous"]>().toEqualTypeOf<"deny" | "allow" | "only" | undefined>();
    const auth = createCloudbaseAuth({ envId: "demo" });
    // @ts-expect-error the member is "scopes"
    void auth.authorize({} as AuthResult, { scope: ["a"] });
  });

  it("authenticate may answer at once or later", () => {
    expectTypeOf(createCloudbaseAuth)
      .returns.toHaveProperty("authenticate")
      .returns.toEqualTypeOf<AuthResult | Promise<AuthResult>>();
  });
});
