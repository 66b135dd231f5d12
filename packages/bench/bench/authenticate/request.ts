import type { AuthRequest } from "@cloudbase-auth/core";

/** What Node hands to a server for such a request. */
export function requestOf(token: string): AuthRequest {
  // Built by way of bytes: one flat string, as the HTTP parser makes it, and not two halves that are joined at first use.
  const authorization = Buffer.from(`Bearer ${token}`, "latin1").toString("latin1");
  return {
    method: "GET",
    url: "/me",
    headers: { host: "127.0.0.1:3000", connection: "keep-alive", authorization },
    rawHeaders: ["Host", "127.0.0.1:3000", "Connection", "keep-alive", "Authorization", authorization],
  };
}
