import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TokenSet } from "@cloudbase-auth/core";
import Provider from "oidc-provider";
import type { Client } from "oidc-provider";

/** An authorization server that is not ours, and ends a session whose refresh token is used twice. */
export interface ForeignServer {
  readonly endpoint: string;
  /** A session of a person, as if they had signed in by a browser. */
  issue(person: string): Promise<TokenSet>;
  /** How many refresh tokens it was asked to exchange. */
  exchanges(): number;
  close(): Promise<void>;
}

const clientId = "demo";
const scope = "openid offline_access";
const resource = "urn:demo";

/** `accessTokenSeconds` of real time. */
export async function startForeignServer(accessTokenSeconds: number): Promise<ForeignServer> {
  let exchanges = 0;
  let provider: Provider | undefined;
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/auth/v1/token") === true) exchanges += 1;
    void forward(request, response);
  });

  // CloudBase's paths, and JSON where RFC 6749 has a form: all that lies between our client and a standard server.
  const paths: Readonly<Record<string, string>> = { "/auth/v1/certs": "/jwks", "/auth/v1/token": "/token" };
  async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = "", query = ""] = (request.url ?? "").split("?");
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(query);
    if (chunks.length > 0) {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
      for (const [name, value] of Object.entries(body as object)) form.set(name, String(value));
    }
    form.set("client_id", clientId);
    const answer = await fetch(`${inside}${paths[path] ?? path}`, {
      method: request.method ?? "GET",
      ...(request.method === "POST" && { body: form }),
    });
    const headers = { "content-type": answer.headers.get("content-type") ?? "text/plain" };
    response.writeHead(answer.status, headers).end(await answer.text());
  }

  const endpoint = await listen(server);
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  provider = new Provider(endpoint, {
    clients: [
      {
        ...{ client_id: clientId, token_endpoint_auth_method: "none", redirect_uris: ["https://app.example/"] },
        grant_types: ["authorization_code", "refresh_token"],
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), kid: "foreign", alg: "RS256", use: "sig" }] },
    ttl: { AccessToken: accessTokenSeconds, RefreshToken: 3_600, Grant: 3_600 },
    rotateRefreshToken: true,
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: "",
          audience: clientId,
          accessTokenFormat: "jwt",
          accessTokenTTL: accessTokenSeconds,
        }),
        useGrantedResource: () => true,
      },
    },
  });
  const behind = createServer((request, response) => void provider.callback()(request, response));
  const inside = await listen(behind);

  return {
    endpoint,
    async issue(accountId) {
      const { Client, Grant, RefreshToken } = provider;
      const client = (await Client.find(clientId)) as Client;
      const grant = new Grant({ accountId, clientId });
      grant.addOIDCScope(scope);
      grant.addResourceScope(resource, "");
      const token = new RefreshToken({
        ...{ accountId, client, scope, resource, grantId: await grant.save(), gty: "authorization_code" },
      } as never);
      const form = { grant_type: "refresh_token", client_id: clientId, refresh_token: await token.save() };
      const answer = await fetch(`${inside}/token`, { method: "POST", body: new URLSearchParams(form) });
      const { access_token: accessToken, refresh_token: refreshToken } = (await answer.json()) as Record<
        string,
        string
      >;
      if (accessToken === undefined || refreshToken === undefined) throw new Error("the foreign server issued nothing");
      return { accessToken, refreshToken, tokenType: "Bearer", expiresInSeconds: accessTokenSeconds, groups: [] };
    },
    exchanges: () => exchanges,
    async close() {
      for (const each of [server, behind]) {
        each.closeAllConnections();
        await new Promise((resolve) => each.close(resolve));
      }
    },
  };
}

async function listen(server: ReturnType<typeof createServer>): Promise<string> {
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}
