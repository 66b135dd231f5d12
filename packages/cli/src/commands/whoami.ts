import type { Command } from "commander";
import { addEnvironmentFlags } from "../configuration.ts";
import type { EnvironmentFlags } from "../configuration.ts";
import { atDesk, requireSignIn } from "../signed-in.ts";
import { dim, terminal } from "../terminal/terminal.ts";
import { formatMoment } from "../terminal/times.ts";

interface Flags extends EnvironmentFlags {
  readonly json?: boolean;
  readonly print?: boolean;
}

export function addWhoami(program: Command): void {
  const command = program
    .command("whoami")
    .summary("show the user who is signed in, as the server knows them")
    .description("Asks the server who is signed in here, and shows what it says. No token is shown without --print.")
    .option("--json", "print one JSON object")
    .option("--print", "print the access token on stdout, and nothing else; nobody is asked");
  addEnvironmentFlags(command).action(run);
}

async function run({ json = false, print = false, ...flags }: Flags): Promise<void> {
  await atDesk(flags, async (desk) => {
    const { accessToken, expiresAt } = requireSignIn(desk);
    if (print) {
      terminal.line(accessToken);
      if (expiresAt <= Date.now()) terminal.note("The token has expired. Renew it: cloudbase-auth refresh");
      return;
    }
    const answer = await desk.ask("asking who you are", desk.auth.client.user.me({ accessToken }));
    const { requestId: _requestId, providers, ...user } = answer;
    const profile = { ...user, providers: providers.map(({ id }) => id) };
    if (json) {
      terminal.json({ ...profile, expiresAt: new Date(expiresAt).toISOString() });
      return;
    }
    for (const [name, value] of Object.entries(profile)) {
      const told = Array.isArray(value) ? value.join(", ") : String(value);
      if (told !== "") terminal.line(dim(name.padEnd(18)), told);
    }
    terminal.line(dim("access token".padEnd(18)), `until ${formatMoment(expiresAt / 1_000, Date.now())}`);
  });
}
