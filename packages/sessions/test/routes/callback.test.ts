import { afterAll, describe, expect, it } from "vitest";
import { createStages } from "./support/stage.ts";
import { leave } from "./support/trips.ts";

const stages = createStages();
afterAll(() => stages.close());

describe("BF-14 a callback that is none uses nothing up, and sends the browser nowhere", () => {
  const home = { status: 303, headers: { Location: "/" } };

  it.each([
    ["of the third party", "cross-site", "application/x-www-form-urlencoded"],
    ["of our own page", "same-origin", "application/json"],
    ["of nobody who can be named", undefined, undefined],
  ])("a POST %s: 405, and never a 307 that would send the code on", async (_, site, type) => {
    const stage = await stages.open();
    const visitor = stage.visitor();
    const callback = await leave(stage, visitor, "third-1");
    stage.emulator.requests.clear();
    const headers = { "sec-fetch-site": site, "content-type": type };
    const [path = "", query = ""] = callback.split("?");
    for (const posted of [
      await visitor.post(callback, undefined, { headers }),
      await visitor.post(path, query, { headers }),
    ]) {
      expect(posted).toMatchObject({ status: 405, cookies: [], headers: { Allow: "GET, HEAD" } });
      expect(posted.headers["Location"]).toBeUndefined();
    }
    expect(stage.asked()).toEqual([]);
    expect(await visitor.get(callback)).toMatchObject(home);
    expect((await visitor.get("/me")).status).toBe(200);
  });

  it.each([
    ["names no third party", "/provider/callback", 403],
    ["names it with nothing", "/provider//callback", 404],
    ["names one that cannot be", "/provider/%2e%2e%2f/callback", 404],
    ["names one that there is not", "/provider/nobody/callback", 400],
    ["goes on below", "/provider/demo_provider/callback/x", 404],
  ])("one that %s", async (_, path, status) => {
    const stage = await stages.open();
    const visitor = stage.visitor();
    const callback = await leave(stage, visitor, "third-1");
    const astray = await visitor.get(callback.replace("/provider/demo_provider/callback", path));
    expect(astray).toMatchObject({ status, cookies: [] });
    expect(astray.headers["Location"]).toBeUndefined();
    expect((await visitor.get("/me")).status).toBe(401);
    expect(await visitor.get(callback)).toMatchObject(home);
  });
});
