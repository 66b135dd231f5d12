import { describe, expect, it } from "vitest";
import { protocolToAnswer, readSubprotocol } from "../../src/protocol/subprotocol.ts";

const offer = (header: string | string[] | undefined) => ({ headers: { "sec-websocket-protocol": header } });
const token = { kind: "token", credentials: "Bearer t" };
const absent = { kind: "absent" };

describe("RFC 6455 §11.3.4: what a page can say in a handshake", () => {
  it.each<[string | string[] | undefined, object, string | undefined]>([
    [undefined, absent, undefined],
    ["", absent, undefined],
    [" , ,", absent, undefined],
    ["chat", absent, "chat"],
    ["chat, superchat", absent, "chat"],
    ["bearer, t", token, "bearer"],
    ["bearer,t", token, "bearer"],
    ["  bearer , t ", token, "bearer"],
    [",bearer,,t", token, "bearer"],
    ["bearer, t, chat", token, "bearer"],
    ["chat, bearer, t", token, "chat"],
    [["bearer", "t"], token, "bearer"],
    [["chat", "bearer, t"], token, "chat"],
    ["Bearer, t", absent, "Bearer"],
    ["xbearer, t", absent, "xbearer"],
    ["bearer", { kind: "refused", reason: "malformed_header" }, "bearer"],
    ["chat, bearer", { kind: "refused", reason: "malformed_header" }, "chat"],
    ["bearer, t, bearer, t", { kind: "refused", reason: "repeated_header" }, "bearer"],
    ["bearer, bearer", { kind: "refused", reason: "repeated_header" }, "bearer"],
  ])("%j", (header, presented, answered) => {
    expect(readSubprotocol(offer(header))).toEqual(presented);
    expect(protocolToAnswer(offer(header))).toBe(answered);
  });
});
