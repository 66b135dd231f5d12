import { describe, expect, it } from "vitest";
import { endpointOf, isEnvId, isRegion, issuersOf, keySetPath } from "../../src/protocol/environment.ts";

const china = [
  ...["ap-shanghai", "ap-guangzhou", "ap-shenzhen-fsi", "ap-shanghai-fsi", "ap-nanjing", "ap-beijing", "ap-chengdu"],
  ...["ap-chongqing", "ap-hongkong"],
];

describe("where an environment is", () => {
  it.each(china)("%s: the gateway in China", (region) => {
    expect(endpointOf("demo", region, "gateway")).toBe("https://demo.api.tcloudbasegateway.com");
    expect(endpointOf("demo", region, "tcb-api")).toBe(`https://demo.${region}.tcb-api.tencentcloudapi.com`);
    expect(issuersOf("demo", region)).toEqual([
      `http://demo.${region}.tcb-api.tencentcloudapi.com`,
      `https://demo.${region}.tcb-api.tencentcloudapi.com`,
      "https://demo.api.tcloudbasegateway.com",
    ]);
  });

  it.each(["ap-singapore", "na-siliconvalley", "ap-shanghai-2"])("%s: the gateway elsewhere", (region) => {
    expect(endpointOf("demo", region, "gateway")).toBe("https://demo.api.intl.tcloudbasegateway.com");
    expect(issuersOf("demo", region)).toEqual([
      `http://demo.${region}.tcb-api.tencentcloudapi.com`,
      `https://demo.${region}.tcb-api.tencentcloudapi.com`,
      "https://demo.api.intl.tcloudbasegateway.com",
    ]);
  });

  it("the key set is below it", () => {
    expect(keySetPath).toBe("/auth/v1/certs");
  });
});

describe("what may stand in a host name", () => {
  it.each<[string, boolean, boolean]>([
    ["demo", true, true],
    ["a", true, true],
    ["demo-1a2b", true, true],
    ["demo_1", true, false],
    ["-demo", true, false],
    ["demo-", true, false],
    ["a--b", true, true],
    ["", false, false],
    ["Demo", false, false],
    ["demo.evil", false, false],
    ["demo/", false, false],
    ["demo#", false, false],
    ["de mo", false, false],
    ["\ndemo", false, false],
    ["demo\n", false, false],
    ["démo", false, false],
    ["a".repeat(40), true, true],
    ["a".repeat(41), false, true],
    ["a".repeat(63), false, true],
    ["a".repeat(64), false, false],
    [`-${"a".repeat(10)}`, true, false],
  ])("%j: environment id %s, region %s", (text, envId, region) => {
    expect([isEnvId(text), isRegion(text)]).toEqual([envId, region]);
  });
});
