import { ApiError } from "../errors.ts";

/** A JSON object or query string whose members nobody has looked at yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** Twice the longest documented string, an access token of 4096 characters. */
const longest = 8192;

/**
 * A text member; absent, null and "" are all absent.
 *
 * @throws ApiError invalid_argument when it is no string, or too long
 */
export function readText(fields: Fields, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") throw new ApiError("invalid_argument", `${name} must be a string`);
  if (value.length > longest) throw new ApiError("invalid_argument", `${name} is too long`);
  return value;
}

/** @throws ApiError invalid_argument when the member is missing too */
export function requireText(fields: Fields, name: string): string {
  const value = readText(fields, name);
  if (value === undefined) throw new ApiError("invalid_argument", `${name} is required`);
  return value;
}

/** Whether an unknown value is a JSON object (RFC 8259 §4). */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
