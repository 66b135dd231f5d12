import type { MethodName } from "./methods.ts";
import type { Scene } from "./stage.ts";

/** Titles of what a call can do, and how it is shown: what comes back, and by a further call what was done. */
export type Successes<Names extends MethodName> = Readonly<
  Record<Names, Readonly<Record<string, (scene: Scene) => Promise<void>>>>
>;
