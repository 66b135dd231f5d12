/** All that processes of the bench tell each other: flat objects, so that one small parser reads them all. */
export type Numbers = Readonly<Record<string, number>>;
export type Input = Readonly<Record<string, string | number>>;

interface Question {
  readonly id: number;
  readonly question: string;
  readonly input: Input;
}

type Reply =
  | { readonly id: number; readonly ok: true; readonly numbers: Numbers }
  | { readonly id: number; readonly ok: false; readonly message: string };

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isInput(value: unknown): value is Input {
  return isRecord(value) && Object.values(value).every((member) => ["string", "number"].includes(typeof member));
}

function isNumbers(value: unknown): value is Numbers {
  return isRecord(value) && Object.values(value).every((member) => typeof member === "number");
}

export function parseQuestion(message: unknown): Question {
  if (isRecord(message) && typeof message["id"] === "number" && typeof message["question"] === "string") {
    const { id, question, input } = message;
    if (isInput(input)) return { id, question, input };
  }
  throw new TypeError("this is no question of the bench");
}

export function parseReply(message: unknown): Reply {
  if (isRecord(message) && typeof message["id"] === "number") {
    const { id, numbers, message: text } = message;
    if (isNumbers(numbers)) return { id, ok: true, numbers };
    if (typeof text === "string") return { id, ok: false, message: text };
  }
  throw new TypeError("this is no reply of the bench");
}

export function numberOf(numbers: Input, name: string): number {
  const value = numbers[name];
  if (typeof value !== "number") throw new TypeError(`${name} is missing or no number`);
  return value;
}

export function textOf(input: Input, name: string): string {
  const value = input[name];
  if (typeof value !== "string") throw new TypeError(`${name} is missing or no text`);
  return value;
}
