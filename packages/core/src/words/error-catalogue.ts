/** A language of the public texts. */
export type Locale = "en" | "zh";

interface Texts {
  readonly title: string;
  /** One sentence: what happened, and what the caller does next. Fixed, so nothing of a request can come back in it. */
  readonly detail: string;
}

interface Catalogued extends Texts {
  /** Of `upstream_rejected`, what holds unless its reason has another. */
  readonly status: number;
  /** Why, in one word: for logs and metrics. They never reach the client. */
  readonly reasons: readonly string[];
  readonly zh: Texts;
}

/**
 * Everything that can go wrong: status, reasons and public texts per code. The English texts keep to the characters that
 * RFC 6750 §3 allows in `error_description`: no quote, no backslash, ASCII only. Each code has a page in
 * `packages/docs/errors` and one in `packages/docs/zh/errors`.
 */
export const errorCatalogue = {
  missing_token: {
    status: 401,
    reasons: [],
    title: "Sign-in required",
    detail: "No access token was presented; send one as a Bearer token in the Authorization header.",
    zh: {
      title: "需要登录",
      detail: "请求没有携带访问令牌；请在 Authorization 请求头中以 Bearer 方式携带。",
    },
  },
  invalid_request: {
    status: 400,
    reasons: ["malformed_header", "repeated_header", "several_methods"],
    title: "Malformed authentication",
    detail:
      "The access token was not presented in the one way allowed; send a single Authorization header, Bearer and the token.",
    zh: {
      title: "认证信息格式有误",
      detail: "访问令牌没有以唯一允许的方式携带；请只发送一个 Authorization 请求头，内容为 Bearer 和令牌。",
    },
  },
  invalid_input: {
    status: 400,
    reasons: ["fields", "malformed_json"],
    title: "Something in the request is wrong",
    detail: "What was sent is not as this needs it; correct the fields that errors names, then send it again.",
    zh: {
      title: "提交的内容有误",
      detail: "提交的内容不符合要求；请更正 errors 中所列的字段，然后重新提交。",
    },
  },
  invalid_token: {
    status: 401,
    reasons: [
      ...(["malformed", "algorithm", "unknown_key", "signature", "expired", "not_yet_valid"] as const),
      ...(["issuer", "audience", "type", "claim", "inactive", "revoked"] as const),
    ],
    title: "Access token not accepted",
    detail:
      "The access token is malformed, expired, revoked or not meant for this server; refresh it or sign in again.",
    zh: {
      title: "访问令牌未被接受",
      detail: "访问令牌格式错误、已过期、已撤销，或不是签发给本服务的；请刷新令牌或重新登录。",
    },
  },
  insufficient_scope: {
    status: 403,
    reasons: [],
    title: "Scope missing",
    detail:
      "The access token does not carry the scope that this needs; ask for a token with the scope named in the challenge.",
    zh: {
      title: "缺少权限范围",
      detail: "访问令牌不具备此操作所需的 scope；请获取带有质询中所列 scope 的令牌。",
    },
  },
  anonymous_user: {
    status: 403,
    reasons: [],
    title: "Not for anonymous users",
    detail: "This needs a signed-in user and the access token belongs to an anonymous one; sign in or sign up.",
    zh: {
      title: "匿名用户不可用",
      detail: "此操作需要已登录的用户，而访问令牌属于匿名用户；请登录或注册。",
    },
  },
  forbidden: {
    status: 403,
    reasons: ["group", "role", "provider", "check", "not", "not_anonymous"],
    title: "Not allowed",
    detail: "The user is signed in but is not allowed to do this; another token will not help, ask for the permission.",
    zh: {
      title: "没有权限",
      detail: "用户已登录，但无权执行此操作；更换令牌没有用，请申请相应的权限。",
    },
  },
  csrf: {
    status: 403,
    reasons: ["cross_site"],
    title: "Request from elsewhere",
    detail:
      "The request would change something and does not show that it comes from the application itself; send it from there.",
    zh: {
      title: "请求来自其他站点",
      detail: "该请求会修改数据，却未能表明它来自应用自身；请从应用自身发送。",
    },
  },
  rate_limited: {
    status: 429,
    reasons: ["auth_api", "locked", "attempts"],
    title: "Too many attempts",
    detail: "There were too many attempts; wait as long as Retry-After says, then try again.",
    zh: {
      title: "尝试过于频繁",
      detail: "尝试次数过多；请等待 Retry-After 指定的时间后再试。",
    },
  },
  refresh_rejected: {
    status: 401,
    reasons: ["invalid_grant", "reused"],
    title: "Sign-in has ended",
    detail: "What would have prolonged the sign-in is expired, revoked or used up; sign in again.",
    zh: {
      title: "登录已失效",
      detail: "用于延续登录的凭据已过期、已撤销或已使用过；请重新登录。",
    },
  },
  upstream_rejected: {
    status: 400,
    reasons: [
      ...(["invalid_credentials", "second_factor_required", "captcha_required", "not_enabled", "user_state"] as const),
      ...(["not_found", "already_exists", "permission", "invalid_input", "precondition", "unknown"] as const),
    ],
    title: "Refused by the sign-in service",
    detail:
      "The sign-in service refused what was asked; correct what was sent or take the step that is missing, then send it again.",
    zh: {
      title: "登录服务拒绝了请求",
      detail: "登录服务拒绝了该请求；请更正所提交的内容或完成缺少的步骤，然后重新提交。",
    },
  },
  service_unavailable: {
    status: 503,
    reasons: [
      "key_set",
      "introspection",
      "revocation_store",
      "refresh_coordinator",
      "auth_api",
      "client",
      "session_store",
      "attempt_limiter",
      "internal",
    ],
    title: "Authentication is out of reach",
    detail:
      "A service that signing in and checking tokens depend on is out of reach; nothing is known against what was sent, retry it later.",
    zh: {
      title: "认证服务暂时不可用",
      detail: "登录和校验令牌所依赖的服务暂时无法访问；这并不表示所提交的内容有问题，请稍后重试。",
    },
  },
} as const satisfies Readonly<Record<string, Catalogued>>;

/** Stable names of what can go wrong; safe to switch on and to show to a client. */
export type AuthErrorCode = keyof typeof errorCatalogue;

/** Why, in one word: for logs and metrics. It never reaches the client. */
export type AuthErrorReason = (typeof errorCatalogue)[AuthErrorCode]["reasons"][number];

/** The public texts of a code in a language. */
export function textsOf(code: AuthErrorCode, locale: Locale): Texts {
  return locale === "en" ? errorCatalogue[code] : errorCatalogue[code][locale];
}
