import type { ClientOptions } from "../words/client-options.ts";

export const clientOptionNames = [
  "dialect",
  "deviceId",
  "connectTimeoutMs",
  "timeoutMs",
  "onCaptcha",
] as const satisfies readonly (keyof ClientOptions)[];

/** Checks the options of a client; `path` stands before their names in messages. @throws TypeError */
export function parseClientOptions(options: ClientOptions, path: string): ClientOptions {
  if (typeof options !== "object" || options === null)
    throw new TypeError(`option ${path.slice(0, -1)} must be an object`);
  const unknown = Object.keys(options).find((name) => !clientOptionNames.some((known) => known === name));
  if (unknown !== undefined) {
    throw new TypeError(`option ${path}${unknown} is not known; the options are ${clientOptionNames.join(", ")}`);
  }
  const { dialect, deviceId, onCaptcha } = options;
  if (dialect !== undefined && dialect !== "documented" && dialect !== "skill") {
    throw new TypeError(`option ${path}dialect must be "documented" or "skill"`);
  }
  if (deviceId !== undefined && !(typeof deviceId === "string" && /^[\x21-\x7e]{1,71}$/.test(deviceId))) {
    throw new TypeError(`option ${path}deviceId must be 1 to 71 visible ASCII characters`);
  }
  for (const name of ["connectTimeoutMs", "timeoutMs"] as const) {
    const value = options[name];
    if (value !== undefined && !(Number.isInteger(value) && value >= 1 && value <= 600_000)) {
      throw new TypeError(`option ${path}${name} must be a whole number of milliseconds from 1 to 600000`);
    }
  }
  if (onCaptcha !== undefined && typeof onCaptcha !== "function") {
    throw new TypeError(`option ${path}onCaptcha must be a function`);
  }
  return options;
}
