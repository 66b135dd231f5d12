import { redact } from "@cloudbase-auth/core";
import { formatRoutes } from "@cloudbase-auth/core/adapter";
import type { DescribedRoute } from "@cloudbase-auth/core/adapter";
import type { Command } from "commander";
import { CommandError } from "../command-error.ts";
import { findApp } from "../routes/find-app.ts";
import { loadAdapter, loadEntry } from "../routes/load-from-app.ts";
import { listenNowhere } from "../routes/nowhere.ts";

/** What the process that loads the application tells the one that was asked. */
export type Told =
  | { readonly routes: readonly DescribedRoute[]; readonly table: string; readonly undeclared: number }
  | { readonly what: string; readonly fix: string };

/** The other half of `routes`, in a process of its own, because what it loads may do anything. */
export function addDescribeRoutes(program: Command): void {
  program.command("describe-routes", { hidden: true }).argument("<entry>").action(run);
}

async function run(entry: string): Promise<void> {
  const told = await describe(entry);
  process.send?.(told, () => process.exit());
}

async function describe(entry: string): Promise<Told> {
  listenNowhere();
  try {
    const { app, framework, ready } = await findApp(await loadEntry(entry));
    const { describeRoutes } = await loadAdapter(entry, `@cloudbase-auth/${framework}`);
    if (typeof describeRoutes !== "function") throw new Error(`@cloudbase-auth/${framework} has no describeRoutes()`);
    await ready();
    const routes: unknown = describeRoutes(app);
    if (!isDescribed(routes))
      throw new Error(`@cloudbase-auth/${framework} describes routes in another way; update it`);
    const undeclared = routes.filter(({ access }) => access === "undeclared").length;
    return { routes, table: formatRoutes(routes), undeclared };
  } catch (error) {
    if (error instanceof CommandError) return { what: error.message, fix: error.fix ?? "See --help." };
    const said = error instanceof Error ? `${error.name}: ${error.message}` : "something that is no error was thrown";
    return {
      what: `The application could not be looked at: ${redact(said)}`,
      fix: "Give it what it needs to start, such as its variables (--dotenv); its own port is not opened.",
    };
  }
}

function isDescribed(routes: unknown): routes is readonly DescribedRoute[] {
  return (
    Array.isArray(routes) &&
    routes.every(
      (route: unknown) => typeof route === "object" && route !== null && "access" in route && "requirements" in route,
    )
  );
}
