import { mkdtempSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { EmulatorOptions } from "@cloudbase-auth/emulator";
import { home } from "./command.ts";
import { openEmulator, variablesFor } from "./stage.ts";

export const password = "password-sentinel-7";

/** An emulator with a user, and a folder of its own where tokens are kept. */
export async function openDesk(options: Partial<EmulatorOptions> = {}) {
  const emulator = await openEmulator({
    users: [{ username: "lihua", password, email: "lihua@example.com" }],
    ...options,
  });
  const state = mkdtempSync(join(home, "desk-"));
  const variables = { ...variablesFor(emulator.endpoint), XDG_STATE_HOME: state };
  const folder = join(state, "cloudbase-auth");
  return { emulator, variables, folder, files: () => readdirSync(folder).map((name) => join(folder, name)) };
}
