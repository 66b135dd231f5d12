const narrowest = 50;

/** The text in lines that fit behind a margin of a terminal of so many columns; one line where there is no such width. */
export function wrap(text: string, margin: number, columns = process.stdout.columns): readonly string[] {
  // A terminal that does not know its width says 0.
  if (columns === undefined || columns < narrowest) return [text];
  const room = columns - margin;
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= room) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
