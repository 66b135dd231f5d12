/** One line of progress on standard error; what is measured goes to the report. */
export function say(line: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)}  ${line}\n`);
}
