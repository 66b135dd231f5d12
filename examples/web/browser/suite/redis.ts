import { expect, it } from "vitest";
import { startRedis } from "../../../../packages/redis/test/support/redis.ts";
import type { Scene } from "../support/scene.ts";
import { openStage } from "../support/stage.ts";

/** With sessions in Redis: while it is away nobody is signed out, and nothing has to be done when it is back. */
export function itSurvivesRedis({ framework, anotherVisitor }: Scene): void {
  it("keeps people signed in while Redis is restarted", async () => {
    const redis = await startRedis("--appendonly", "yes");
    const stage = await openStage(framework, { variables: { REDIS_URL: redis.url } });
    try {
      const visitor = await anotherVisitor({}, stage);
      await visitor.signIn();
      const before = await visitor.context.cookies();
      await redis.kill();
      await visitor.open("/profile");
      await visitor.sees("Just a moment");
      await visitor.page.getByText("You are still signed in if you were").waitFor();
      expect(await visitor.context.cookies()).toEqual(before);
      await redis.restart();
      await expect
        .poll(
          async () => {
            await visitor.press("Try again");
            await visitor.page.locator('main[aria-busy="false"] h1').waitFor();
            return visitor.page.locator("h1").innerText();
          },
          { timeout: 10_000 },
        )
        .toBe("Hello, Li Hua");
      visitor.forgive(/status of 503/);
    } finally {
      await Promise.all([stage.close(), redis.stop()]);
    }
  });
}
