import { validateHeaderName, validateHeaderValue } from "node:http";
import { endpoints } from "../endpoints.ts";
import { isApiErrorName } from "../errors.ts";
import type { ApiErrorName } from "../errors.ts";
import { isFields } from "../operations/fields.ts";
import type { Fields } from "../operations/fields.ts";

/** What goes wrong with one request. The operation does not run, but for "slow". */
export type Fault =
  /** Answers this status; an object as JSON, a string as it is. No header is added to those that are given. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: object | string | undefined;
      readonly headers?: Readonly<Record<string, string>> | undefined;
    }
  /** Answers a refusal of the API by its name, such as "invalid_grant". */
  | { readonly kind: "error"; readonly error: ApiErrorName; readonly description?: string | undefined }
  /** Never answers; the connection stays open. */
  | { readonly kind: "hang" }
  /** 200, and then a byte of white space every `everyMs` (default 100) without end: only a total timeout helps. */
  | { readonly kind: "drip"; readonly everyMs?: number | undefined }
  /** Cuts the connection with a TCP RST before a byte is answered. */
  | { readonly kind: "reset" }
  /** 200 and application/json, but the body is no JSON. */
  | { readonly kind: "garbage" }
  /** 200 and a JSON object of 200 MB, streamed. */
  | { readonly kind: "huge" }
  /** 302 to another address. */
  | { readonly kind: "redirect"; readonly url: string }
  /** Does what was asked at once, and answers `delayMs` of real time later: the client may be gone by then. */
  | { readonly kind: "slow"; readonly delayMs: number };

export interface Faults {
  /**
   * Lets the next `count` requests to an endpoint fail. Faults of one endpoint happen in the order they were given.
   *
   * @throws TypeError for an endpoint that there is not, and for a fault that is none
   */
  add(endpoint: string, fault: Fault, count?: number): void;
  /** The fault that this request shall meet; it is used up. */
  take(method: string, path: string): Fault | undefined;
  clear(): void;
}

const mostCount = 1_000_000;
const longestMs = 3_600_000;

export function createFaults(): Faults {
  let planned: { method: string | undefined; path: RegExp; fault: Fault; left: number }[] = [];

  return {
    add(endpoint, fault, count = 1) {
      const { method, path } = parseEndpoint(endpoint);
      const left = parseNumber("count", count, 1, mostCount);
      planned.push({ method, path, fault: parseFault(fault), left });
    },
    take(method, path) {
      // A path alone means its requests, not the browser's question whether it may send them.
      const hit = planned.find((plan) => plan.path.test(path) && (plan.method ?? method) === method);
      if (!hit || method === "OPTIONS") return undefined;
      hit.left -= 1;
      if (hit.left === 0) planned = planned.filter((plan) => plan !== hit);
      return hit.fault;
    },
    clear() {
      planned = [];
    },
  };
}

/** "POST /auth/v1/token" or "/auth/v1/token"; a path with parameters as the table has it, or with their values. */
function parseEndpoint(text: unknown): { method: string | undefined; path: RegExp } {
  const [, method, path = ""] = (typeof text === "string" && /^(?:([A-Z]+) )?(\/\S+)$/.exec(text)) || [];
  const known = endpoints.filter((endpoint) => method === undefined || endpoint.method === method);
  if (known.some((endpoint) => endpoint.path === path)) return { method, path: patternOf(path) };
  if (known.some((endpoint) => patternOf(endpoint.path).test(path))) return { method, path: exactly(path) };
  throw new TypeError(
    `endpoint must be one of the API's, such as "POST /auth/v1/token" or "/auth/v1/certs"; there is no ${JSON.stringify(text)}.`,
  );
}

const exactly = (path: string): RegExp => new RegExp(`^${escaped(path)}$`);
const patternOf = (path: string): RegExp => new RegExp(`^${escaped(path).replaceAll(/:\w+/g, "[^/]+")}$`);
const escaped = (path: string): string => path.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** @throws TypeError that names the member */
export function parseFault(value: unknown): Fault {
  const fault: Fields = isFields(value) ? value : {};
  switch (fault["kind"]) {
    case "hang":
      return { kind: "hang" };
    case "reset":
      return { kind: "reset" };
    case "garbage":
      return { kind: "garbage" };
    case "huge":
      return { kind: "huge" };
    case "drip":
      return { kind: "drip", everyMs: parseNumber("everyMs", fault["everyMs"] ?? 100, 1, longestMs) };
    case "slow":
      return { kind: "slow", delayMs: parseNumber("delayMs", fault["delayMs"], 0, longestMs) };
    case "redirect":
      return { kind: "redirect", url: parseHeader("location", fault["url"]) };
    case "error":
      return { kind: "error", ...parseError(fault) };
    case "status":
      return {
        kind: "status",
        status: parseNumber("status", fault["status"], 200, 599),
        body: parseBody(fault["body"]),
        headers: parseHeaders(fault["headers"]),
      };
    default:
      throw new TypeError(
        "fault.kind must be one of status, error, hang, drip, reset, garbage, huge, redirect and slow.",
      );
  }
}

function parseError({ error, description }: Fields) {
  if (typeof error !== "string" || !isApiErrorName(error)) {
    throw new TypeError('fault.error must be the name of an error of the API, such as "invalid_grant".');
  }
  return { error, description: typeof description === "string" ? description : undefined };
}

function parseBody(body: unknown): object | string | undefined {
  if (body === undefined || typeof body === "string" || (typeof body === "object" && body !== null)) return body;
  throw new TypeError("fault.body must be an object or a string.");
}

function parseHeaders(headers: unknown): Readonly<Record<string, string>> | undefined {
  if (headers === undefined) return undefined;
  if (!isFields(headers)) throw new TypeError("fault.headers must be an object of strings.");
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, parseHeader(name, value)]));
}

function parseHeader(name: string, value: unknown): string {
  const framing = ["content-length", "transfer-encoding", "connection"];
  if (typeof value !== "string" || framing.includes(name.toLowerCase())) {
    throw new TypeError(`fault: the header ${name} must be a string, and not one that HTTP itself needs.`);
  }
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch (cause) {
    throw new TypeError(`fault: the header ${JSON.stringify(name)} cannot be sent with this value.`, { cause });
  }
  return value;
}

function parseNumber(name: string, value: unknown, least: number, most: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new TypeError(`${name} must be a whole number from ${least} to ${most}.`);
}
