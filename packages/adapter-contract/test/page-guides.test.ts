import { once } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { ask, lihua, post, useGuides } from "./support/guides.ts";

/** What the guides of packages/docs show for pages and mini programs, each against the server that its guide shows. */
const { emulator, start } = useGuides();
const anyText: unknown = expect.any(String);

/** What mini-program.ts asks of `wx.request`. */
interface WxRequest {
  readonly url: string;
  readonly method: string;
  readonly data?: object;
  readonly header: Record<string, string>;
  readonly success: (answer: { statusCode: number; data: unknown }) => void;
  readonly fail: (error: unknown) => void;
}

describe("websocket.ts and websocket-page.ts", () => {
  it("goes on with a new token when the old one has ended", async () => {
    const { stayConnected } = await import("../../../examples/guides/websocket-page.ts");
    const url = (await start("websocket")).replace("http:", "ws:");
    // The server tolerates five seconds, so this one ends in five: time enough to connect.
    const nowSeconds = Math.floor(Date.now() / 1000);
    const ending = await emulator().issueToken({ sub: "1001", iat: nowSeconds - 60, exp: nowSeconds });
    const tokens = [ending, await emulator().issueToken({ sub: "1001" })];
    let asked = 0;
    const end = stayConnected(
      url,
      async () => tokens[asked++] ?? "",
      () => undefined,
    );
    await expect.poll(() => asked, { timeout: 10_000 }).toBe(2);
    end();

    const socket = new WebSocket(url, ["bearer", tokens[1] ?? ""]);
    const heard = new Promise((resolve) => socket.addEventListener("message", ({ data }) => resolve(data)));
    await once(socket, "open");
    socket.send("hi");
    expect(await heard).toBe("1001: hi");
    socket.close();
  });
});

describe("mini-program-server.ts and mini-program.ts", () => {
  it("signs in anonymously, and goes on when the access token has ended, once for all calls", async ({
    onTestFinished,
  }) => {
    const origin = await start("mini-program-server");
    const storage = new Map<string, unknown>();
    const paths: string[] = [];
    vi.stubGlobal("wx", {
      request: ({ url, method, data, header, success, fail }: WxRequest) => {
        paths.push(new URL(url).pathname);
        ask(url, data === undefined ? { headers: header } : post(data, header)).then(
          ({ status, body }) => success({ statusCode: status, data: body }),
          fail,
        );
        expect(method).toBe(data === undefined ? "GET" : "POST");
      },
      getStorageSync: (key: string) => storage.get(key),
      setStorageSync: (key: string, value: unknown) => void storage.set(key, value),
    });
    onTestFinished(() => void vi.unstubAllGlobals());
    const { createApi } = await import("../../../examples/guides/mini-program.ts");
    const api = createApi(origin, "0123456789abcdef");
    await api.signIn();
    const first = await api.get("/orders");
    expect(first).toMatchObject({ statusCode: 200, data: { ordersOf: anyText } });

    storage.set("tokens", { accessToken: await emulator().issueToken({ exp: 1, scope: "anonymous" }) });
    paths.length = 0;
    expect(await Promise.all([api.get("/orders"), api.get("/orders")])).toEqual([first, first]);
    expect(paths.toSorted()).toEqual(["/auth/anonymous", ...Array.from({ length: 4 }, () => "/orders")]);
  });
});

describe("sign-in-page.ts", () => {
  it("says what to show to whoever is refused", async ({ onTestFinished }) => {
    const origin = await start("sessions-express");
    // A browser resolves the path against its page, and names the page's origin.
    const real = globalThis.fetch;
    vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
      return real(origin + path, { ...init, headers: { ...(init.headers as Record<string, string>), origin } });
    });
    onTestFinished(() => void vi.unstubAllGlobals());
    const { signIn } = await import("../../../examples/guides/sign-in-page.ts");
    expect(await signIn(lihua.username, lihua.password)).toBeUndefined();
    expect(await signIn(lihua.username, "wrong")).toMatch(/^[A-Z].+\.$/);
  });
});
