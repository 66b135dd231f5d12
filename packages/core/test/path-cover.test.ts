import { describe, expect, it } from "vitest";
import { coversPath, joinPaths } from "../src/adapter.ts";

describe("coversPath(): whether everything that the route matches begins with the guard's path", () => {
  it.each([
    ["/", "/anything/at/all"],
    ["", "/x"],
    ["/", "/(/^\\/regexp/)"],
    ["/admin", "/admin"],
    ["/admin/", "/admin/"],
    ["/admin", "/admin/users/:id"],
    ["/admin", "/admin/*rest"],
    ["/users/:id", "/users/:name/posts"],
    ["/users/:id", "/users/me"],
    ["/v1.2/a-b_c~d%20", "/v1.2/a-b_c~d%20/x"],
  ])("%s covers %s", (prefix, path) => {
    expect(coversPath(prefix, path)).toBe(true);
  });

  it.each([
    ["/admin", "/admins"],
    ["/admin", "/Admin"],
    ["/admin", "/"],
    ["/admin/users", "/admin"],
    ["/users/:id", "/users"],
    ["/admin", "/:any"],
    ["/:id", "/*rest"],
    ["/:id", "/{optional}"],
    ["/*rest", "/*rest"],
    ["/a{/b}", "/a{/b}"],
    ["/a", "/a{x}"],
    ["/:id?", "/x"],
    ["/$x", "/$x"],
    ["admin", "/admin"],
    ["/a//b", "/a/b"],
    ["//a", "/a"],
    ["/(/^\\/admin/)", "/(/^\\/admin/)"],
  ])("%s does not plainly cover %s", (prefix, path) => {
    expect(coversPath(prefix, path)).toBe(false);
  });
});

it.each([
  ["/", "/", "/"],
  ["/", "/x", "/x"],
  ["/api/", "/x/", "/api/x"],
  ["/api", "", "/api"],
  ["", "x", "/x"],
  ["", "a/b", "/a/b"],
  ["/api//", "/x", "/api/x"],
])("joinPaths(%j, %j) is %j", (mount, path, joined) => {
  expect(joinPaths(mount, path)).toBe(joined);
});
