import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { launchBrowser } from "./browser.ts";
import { openStage } from "./stage.ts";
import type { Framework, Stage } from "./stage.ts";
import { createVisitor } from "./visitor.ts";
import type { Visitor } from "./visitor.ts";

/** A server and a browser for the tests of a block; each test has a fresh emulator and a fresh visitor. */
export interface Scene {
  readonly framework: Framework;
  readonly stage: () => Stage;
  readonly visitor: () => Visitor;
  /** Somebody else, or the same person with another browser. */
  readonly anotherVisitor: (options?: BrowserContextOptions, of?: Stage) => Promise<Visitor>;
}

export function openScene(framework: Framework): Scene {
  let browser: Browser | undefined;
  let stage: Stage | undefined;
  let first: Visitor | undefined;
  const visitors: Visitor[] = [];

  const anotherVisitor: Scene["anotherVisitor"] = async (options, of) => {
    const created = await createVisitor(there(browser), of ?? there(stage), options);
    visitors.push(created);
    return created;
  };

  beforeAll(async () => {
    [browser, stage] = await Promise.all([launchBrowser(), openStage(framework)]);
  });
  afterAll(() => Promise.all([browser?.close(), stage?.close()]));
  beforeEach(async () => {
    await stage?.emulator.reset();
    await stage?.setAhead(0);
    stage?.recorder.forget();
    first = await anotherVisitor();
  });
  afterEach(async () => {
    const faults = visitors.flatMap((visitor) => visitor.faults);
    await Promise.all(visitors.splice(0).map(({ context }) => context.close()));
    expect(faults).toEqual([]);
  });
  return { framework, stage: () => there(stage), visitor: () => there(first), anotherVisitor };
}

function there<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("the scene is not open yet");
  return value;
}
