/** What somebody installs to guard routes of a server that is there already; the framework counts for nobody. */
export interface Contender {
  readonly label: string;
  /** Of ours, folders below `packages`: packed as they would be published. */
  readonly ours?: readonly string[];
  /** Of theirs, in the versions that the other benches run. */
  readonly theirs?: readonly string[];
}

export const contenders: readonly Contender[] = [
  { label: "@cloudbase-auth/express", ours: ["core", "express"] },
  { label: "@cloudbase-auth/koa", ours: ["core", "koa"] },
  { label: "@cloudbase-auth/fastify", ours: ["core", "fastify"] },
  { label: "express-oauth2-jwt-bearer", theirs: ["express-oauth2-jwt-bearer"] },
  { label: "express-jwt + jwks-rsa", theirs: ["express-jwt", "jwks-rsa"] },
  { label: "passport + passport-jwt + jwks-rsa", theirs: ["passport", "passport-jwt", "jwks-rsa"] },
  { label: "@clerk/express", theirs: ["@clerk/express"] },
  { label: "koa-jwt + jwks-rsa", theirs: ["koa-jwt", "jwks-rsa"] },
  { label: "@fastify/jwt + get-jwks", theirs: ["@fastify/jwt", "get-jwks"] },
  { label: "fastify-jwt-jwks", theirs: ["fastify-jwt-jwks"] },
];
