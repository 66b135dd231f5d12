import "@cloudbase-auth/testing/jest";

// What has to compile, and what must not; nothing of this is run.
declare const answer: { readonly status: number };
declare const response: Response;

expect(answer).toBeUnauthorized({ code: "missing_token" }) satisfies void;
expect(answer).not.toBeForbidden({ scopes: ["posts"] }) satisfies void;
void (expect(response).toBeUnavailable() satisfies Promise<void>);
// @ts-expect-error no such code
expect(answer).toBeUnauthorized({ code: "no_token" });
