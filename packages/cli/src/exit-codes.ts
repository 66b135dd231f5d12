/** What the command ends with; stable, in the README and in `--help`. */
export const exitCodes = {
  /** Done, and every check said yes. */
  ok: 0,
  /** A check said no: refused, not valid, undeclared, not signed in. */
  no: 1,
  /** Wrong usage or configuration: nothing was tried. */
  usage: 2,
  /** It could not be found out: somebody else did not answer. Worth trying again. */
  unknown: 3,
  /** A fault of the command itself. */
  fault: 70,
  /** Ctrl-C, as shells count it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
