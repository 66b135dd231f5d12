import { randomUUID } from "node:crypto";

type Claims = Readonly<Record<string, unknown>>;

/** Refresh tokens of people whom nobody has registered, so that their sessions go on past the first access token. */
export interface RefreshTokens {
  issue(claims: Claims): string;
  /** The answer to a request that exchanges one of them, each good once (RFC 6749 §6); `undefined` to any other request. */
  answer(request: Request): Promise<Response | undefined>;
}

interface RefreshTokenParts {
  /** Makes the next access token, of the same person. */
  readonly issueToken: (claims: Claims) => Promise<string>;
  readonly accessTokenSeconds: number;
}

export function createRefreshTokens({ issueToken, accessTokenSeconds }: RefreshTokenParts): RefreshTokens {
  const live = new Map<string, Claims>();

  function issue(claims: Claims): string {
    const token = randomUUID();
    live.set(token, claims);
    return token;
  }

  return {
    issue,
    async answer(request) {
      if (request.method !== "POST" || new URL(request.url).pathname !== "/auth/v1/token") return undefined;
      const token = refreshTokenOf(await request.clone().text());
      const claims = token === undefined ? undefined : live.get(token);
      if (token === undefined || claims === undefined) return undefined;
      live.delete(token);
      return Response.json({
        token_type: "Bearer",
        access_token: await issueToken(claims),
        refresh_token: issue(claims),
        expires_in: accessTokenSeconds,
      });
    },
  };
}

function refreshTokenOf(body: string): string | undefined {
  const fields = parseJson(body);
  if (typeof fields !== "object" || fields === null || !("refresh_token" in fields)) return undefined;
  return typeof fields.refresh_token === "string" ? fields.refresh_token : undefined;
}

/** `undefined` for text that is no JSON: what to answer to that is the emulator's matter. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
