import { isIP } from "node:net";
import type { FastifyRequest } from "fastify";
import { ApiError } from "../errors.ts";

/**
 * Codes, keys and forged tokens are for whoever sits at this machine: not for the network, nor for a web page that
 * rebinds a host name or sends a form here.
 *
 * @throws ApiError permission_denied
 */
export function requireLocalCaller(request: FastifyRequest): void {
  const from = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  const host = request.hostname.replace(/^\[|\]$/g, "");
  if (!isLoopback(from) || !(host === "localhost" || isLoopback(host))) {
    throw new ApiError("permission_denied", "/emulator is open to this machine only");
  }
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${request.host}`) {
    throw new ApiError("permission_denied", "/emulator is not open to web pages");
  }
}

/** By the route, so that no other spelling of the path slips through; by the path where there is no route. */
export function isControl({ routeOptions, url }: FastifyRequest): boolean {
  return /^\/emulator(?:[/?]|$)/.test(routeOptions.url ?? url);
}

const isLoopback = (address: string): boolean =>
  address === "::1" || (isIP(address) === 4 && address.startsWith("127."));
