import { parseStrictObject } from "@cloudbase-auth/core/adapter";
import type { SessionRequest } from "@cloudbase-auth/core";
import { PlainProblem, RefusedBody } from "./refusal.ts";

const limits = { maxDepth: 2, maxMembers: 32 };

/**
 * The object that a body is; without a body an empty one. A member that is written twice is refused wherever the text
 * itself came here.
 *
 * @throws PlainProblem 413, 415; RefusedBody
 */
export function readBody({ body, headers }: SessionRequest): object {
  if (body === null) throw new PlainProblem(413, "The body is longer than 16 KiB.");
  if (body === undefined || body === "" || isMadeUp(body, headers)) return {};
  if (!isJson(headers["content-type"])) {
    throw new PlainProblem(415, "The body has to be JSON, and Content-Type has to say so: application/json.");
  }
  const object: unknown = typeof body === "string" ? parseStrictObject(body, limits) : body;
  if (typeof object !== "object" || object === null || Array.isArray(object)) throw new RefusedBody();
  return object;
}

/** Several parsers make an empty object of a request that has no body (RFC 9112 §6.3). */
function isMadeUp(body: unknown, headers: SessionRequest["headers"]): boolean {
  const length = headers["content-length"];
  if (headers["transfer-encoding"] !== undefined || (length !== undefined && length !== "0")) return false;
  return typeof body === "object" && body !== null && Object.keys(body).length === 0;
}

function isJson(contentType: string | string[] | undefined): boolean {
  if (typeof contentType !== "string") return false;
  const [type = ""] = contentType.split(";");
  return type.trim().toLowerCase() === "application/json";
}
