import { parseQuestion } from "./messages.ts";
import type { Input, Numbers } from "./messages.ts";

/** The child's side of `startChild`: answers each question by the function of its name. */
export function answer(by: Readonly<Record<string, (input: Input) => Numbers | Promise<Numbers>>>): void {
  process.on("message", (message: unknown) => {
    void reply(message);
  });
  process.on("disconnect", () => process.exit());

  async function reply(message: unknown): Promise<void> {
    const { id, question, input } = parseQuestion(message);
    try {
      const handler = by[question];
      if (handler === undefined) throw new Error(`there is no answer to ${question}`);
      process.send?.({ id, numbers: await handler(input) });
    } catch (error) {
      process.send?.({ id, message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }
}
