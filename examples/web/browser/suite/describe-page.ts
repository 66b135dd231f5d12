import { describe } from "vitest";
import { openScene } from "../support/scene.ts";
import type { Framework } from "../support/stage.ts";
import { itKeepsAccounts } from "./account.ts";
import { itLetsPeopleIn } from "./entrance.ts";
import { itLooksRight } from "./looks.ts";
import { itSurvivesRedis } from "./redis.ts";
import { itKeepsTheSessionSafe } from "./safety.ts";

/** Everything, on one of the servers: each has a file of its own, so that they run side by side. */
export function describePage(framework: Framework): void {
  describe(`the page on ${framework}`, () => {
    const scene = openScene(framework);
    itLetsPeopleIn(scene);
    itKeepsAccounts(scene);
    itKeepsTheSessionSafe(scene);
    itSurvivesRedis(scene);
    itLooksRight(scene);
  });
}
