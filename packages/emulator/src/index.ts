export { createEmulator } from "./emulator.ts";
export type { Emulator } from "./emulator.ts";
export type { EmulatorOptions, SeedUser } from "./options.ts";
export type { EmulatorClock } from "./state/clock.ts";
export type { Inbox, Message } from "./state/inbox.ts";
