import { formatAnswer, formatFirstScreen, formatMessage } from "./console.ts";
import type { RequestRecord } from "./controls/request-log.ts";
import type { Message } from "./state/inbox.ts";

/** Tells on the standard output what the command does. */
export interface Narrator {
  listening(at: { readonly endpoint: string; readonly envId: string; readonly clientId: string | undefined }): void;
  answered(record: RequestRecord): void;
  delivered(message: Message): void;
  exported(file: string): void;
}

/** For people. */
export function createNarrator(print: (line: string) => void): Narrator {
  return {
    listening: ({ endpoint, envId, clientId }) => print(formatFirstScreen(endpoint, envId, clientId)),
    answered: (record) => print(formatAnswer(record)),
    delivered: (message) => print(formatMessage(message)),
    exported: (file) => print(`Users, sessions and private keys are in ${file}`),
  };
}

/** For machines: one JSON object per line, its `event` first. */
export function createJsonNarrator(print: (line: string) => void): Narrator {
  const tell = (event: string, members: object) => print(JSON.stringify({ event, ...members }));
  return {
    listening: (at) => tell("listening", at),
    answered: (record) => tell("request", record),
    delivered: (message) => tell("code", message),
    exported: (file) => tell("exported", { file }),
  };
}
