/** What is used of the mini program's own API; in a project it comes with `miniprogram-api-typings`. */
declare const wx: {
  request(options: {
    url: string;
    method: "GET" | "POST";
    data?: object;
    header: Record<string, string>;
    success(answer: { statusCode: number; data: unknown }): void;
    fail(error: unknown): void;
  }): void;
  getStorageSync(key: string): unknown;
  setStorageSync(key: string, value: unknown): void;
};

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
}
interface Answer {
  readonly statusCode: number;
  readonly data: unknown;
}

/** The API of one server: signs in anonymously, and goes on with a new access token when the old one has ended. */
export function createApi(origin: string, deviceId: string) {
  let refreshing: Promise<void> | undefined;

  const send = (method: "GET" | "POST", path: string, data?: object, token?: string): Promise<Answer> =>
    new Promise((success, fail) => {
      const header: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` };
      wx.request({ url: origin + path, method, ...(data && { data }), header, success, fail });
    });

  async function keepTokens(path: string, body: object): Promise<void> {
    const { statusCode, data } = await send("POST", path, body);
    if (statusCode !== 200) throw new Error(`${path}: ${statusCode}`);
    wx.setStorageSync("tokens", (data as { tokens: Tokens }).tokens);
  }

  const signIn = (): Promise<void> => keepTokens("/auth/anonymous", { deviceId });

  async function renew({ refreshToken }: Tokens): Promise<void> {
    // Anonymous users may have no refresh token: the same deviceId gives the same user again.
    await (refreshToken === undefined ? signIn() : keepTokens("/auth/refresh", { refreshToken }));
  }

  async function get(path: string): Promise<Answer> {
    const tokens = (): Tokens => wx.getStorageSync("tokens") as Tokens;
    const answer = await send("GET", path, undefined, tokens().accessToken);
    if (answer.statusCode !== 401) return answer; // 503 is no reason to sign anybody out
    refreshing ??= renew(tokens()).finally(() => (refreshing = undefined)); // once, however many calls wait
    await refreshing;
    return send("GET", path, undefined, tokens().accessToken);
  }

  return { signIn, get };
}
