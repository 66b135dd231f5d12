/**
 * What a terminal would obey and not show: C0 and C1 controls, separators of lines, marks that turn the direction of the
 * text around, what has no width, and halves of characters.
 */
const obeyed = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** The text with all of that spelled out, so that what a token or a server says is only ever shown. */
export function printable(text: string): string {
  return text.replaceAll(obeyed, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** A value as JSON of one or more lines, with the same characters escaped as JSON escapes them. */
export function printableJson(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2);
  return text.replaceAll(obeyed, (characters) =>
    characters === "\n" ? characters : characters.split("").map(escapeUnit).join(""),
  );
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
