/** What every contender is asked to hold a token to. */
export const envId = "demo";
export const issuer = "http://demo.ap-shanghai.tcb-api.tencentcloudapi.com";
export const audience = envId;

const payloadBytes = 900;

/** The claims of a person as CloudBase writes them, padded by a profile text so that the JSON has 900 bytes. */
export function claimsOf(index: number, issuedAt: number, lifetimeSeconds: number): Record<string, unknown> {
  const claims = {
    iss: issuer,
    // As wide as CloudBase's own ids, and of one width, so that all tokens of a pool are equally long.
    sub: String(1_800_000_000_000_000_000n + BigInt(index)),
    aud: audience,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + lifetimeSeconds,
    at_hash: "r.lHDBr0v0B6QmFqQpqXn4Aw",
    scope: "user sso openid profile",
    project_id: envId,
    provider_type: "email",
    name: "Lin Daiyu",
    email: "lin.daiyu@example.com",
    picture: "https://example.com/avatars/1866003456789012345.png",
    groups: ["editors", "reviewers"],
    roles: ["member"],
    meta: { wxOpenId: "", wxUnionId: "" },
    user_type: "external",
    // Clerk wants a session id; the others carry it along.
    sid: "sess_2b6fcd92dvf96q05x8e4a8xvt6a",
    profile: "",
  };
  claims.profile = "x".repeat(payloadBytes - JSON.stringify(claims).length);
  return claims;
}
