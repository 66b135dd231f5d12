import { exchange } from "../../src/wire.ts";
import type { WireRequest, WireResponse } from "../../src/wire.ts";

/** As much of a browser as a session needs: the cookies of one server, and what browsers say of themselves. */
export interface Visitor {
  /** By name. */
  readonly cookies: Map<string, string>;
  send(port: number, request: WireRequest): Promise<WireResponse>;
  /** `POST` of JSON by a page of the application. */
  post(port: number, target: string, body?: object): Promise<WireResponse>;
  /** Another browser with the same cookies. */
  copy(): Visitor;
}

const ownPage = "Sec-Fetch-Site: same-origin";

export function createVisitor(cookies: Map<string, string> = new Map()): Visitor {
  const send: Visitor["send"] = async (port, { lines = [], ...request }) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const from = lines.some((line) => /^(sec-fetch-site|origin):/i.test(line)) ? [] : [ownPage];
    const answer = await exchange(port, {
      ...request,
      lines: [...lines, ...from, ...(cookie === "" ? [] : [`Cookie: ${cookie}`])],
    });
    for (const line of setCookiesOf(answer)) {
      const [pair = "", ...attributes] = line.split("; ");
      const name = pair.slice(0, pair.indexOf("="));
      if (attributes.includes("Max-Age=0")) cookies.delete(name);
      else cookies.set(name, pair.slice(name.length + 1));
    }
    return answer;
  };
  return {
    cookies,
    send,
    post: (port, target, body) =>
      send(port, {
        ...{ method: "POST", target, lines: ["Content-Type: application/json"] },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    copy: () => createVisitor(new Map(cookies)),
  };
}

export function setCookiesOf({ headers }: WireResponse): string[] {
  return headers.filter(([name]) => name === "set-cookie").map(([, value]) => value);
}
