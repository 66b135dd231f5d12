import type { Command } from "commander";
import { addEnvironmentFlags } from "../configuration.ts";
import type { EnvironmentFlags } from "../configuration.ts";
import { exitCodes } from "../exit-codes.ts";
import { atDesk, requireSignIn } from "../signed-in.ts";
import { dim, terminal } from "../terminal/terminal.ts";
import { sendableTokenOf } from "../token-input.ts";

interface Flags extends EnvironmentFlags {
  readonly json?: boolean;
}

export function addIntrospect(program: Command): void {
  const command = program
    .command("introspect")
    .summary("ask the server whether an access token is valid now")
    .description("Asks the server whether an access token is valid now: the one that is kept, or one that is given.")
    .argument("[token]", "an access token; - for stdin")
    .option("--json", "print one JSON object");
  addEnvironmentFlags(command).action(run);
}

async function run(argument: string | undefined, { json = false, ...flags }: Flags): Promise<void> {
  await atDesk(flags, async (desk) => {
    const accessToken = argument === undefined ? requireSignIn(desk).accessToken : await sendableTokenOf(argument);
    const asking = desk.auth.client.introspect({ accessToken });
    const { requestId: _requestId, ...told } = await desk.ask("asking about the token", asking);
    if (!told.active) process.exitCode = exitCodes.no;
    if (json) {
      terminal.json(told);
      return;
    }
    const style = told.active ? ("green" as const) : ("red" as const);
    const words = told.active ? "valid" : "not valid: expired, revoked, or not this environment's";
    terminal.line("The server says: ", { style, text: words }, ".");
    if (!told.active) return;
    const { sub, clientId, scope } = told;
    for (const [name, value] of Object.entries({ user: sub, client: clientId, scope })) {
      if (value !== undefined) terminal.line(dim(name.padEnd(8)), value);
    }
  });
}
