import { expect } from "vitest";

/** vitest's own matchers are `any`. */
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
export const containing = (text: string): unknown => expect.stringContaining(text);

/** As the client makes them. */
export const requestId = matching(/^[0-9a-f]{32}$/);
export const jwt = matching(/^[\w-]+\.[\w-]+\.[\w-]+$/);
/** A token that says nothing to whoever holds it. */
export const opaque = matching(/^\S{8,128}$/);
export const time = matching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);

/** A whole token set of a person, exactly. */
export const personsTokens = {
  ...{ accessToken: jwt, refreshToken: opaque, tokenType: "Bearer", expiresInSeconds: 7200 },
  ...{ scope: "user sso", sub: matching(/^\d{19}$/), groups: [], requestId },
};

/** The same of an anonymous user. */
export const anonymousTokens = {
  ...{ accessToken: jwt, tokenType: "Bearer", expiresInSeconds: 7200 },
  ...{ scope: "anonymous", sub: matching(/^[\w-]{22}$/), groups: [], requestId },
};
