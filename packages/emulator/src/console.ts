import { styleText } from "node:util";
import type { RequestRecord } from "./controls/request-log.ts";
import type { Message } from "./state/inbox.ts";

/** What to set in the app, and where the codes are. */
export function formatFirstScreen(endpoint: string, envId: string, clientId: string | undefined): string {
  return [
    `CloudBase Auth v2 emulator for the environment "${envId}": ${endpoint}/auth/v1`,
    "",
    "Set in your app:",
    `  CLOUDBASE_ENV_ID=${envId}`,
    `  CLOUDBASE_AUTH_ENDPOINT=${endpoint}`,
    ...(clientId === undefined ? [] : [`  CLOUDBASE_CLIENT_ID=${clientId}`]),
    "",
    `Codes that are "sent" by SMS and e-mail are printed here, and read from ${endpoint}/emulator/inbox`,
    "Ctrl-C stops it.",
    "",
  ].join("\n");
}

/** "POST   /auth/v1/signin 400 invalid_password" */
export function formatAnswer({ method, path, query, status = 0, error }: RequestRecord): string {
  const names = query.map((name) => (name === "…" ? name : `${name}=…`)).join("&");
  const target = names === "" ? path : `${path}?${names}`;
  const line = `${method.padEnd(6)} ${target} ${String(status)}${error === undefined ? "" : ` ${error}`}`;
  return status < 400 ? line : style("yellow", line);
}

export function formatMessage({ to, code }: Message): string {
  return style("cyan", `       code for ${to}: ${code}`);
}

/** Plain when the output is no terminal, or when NO_COLOR is set. */
function style(colour: "yellow" | "cyan", text: string): string {
  return styleText(colour, text, { stream: process.stdout });
}
