import type { RefreshSettings } from "../words/refresh.ts";
import type { RevocationOptions } from "../words/revocation.ts";
import type { IntrospectionCache, VerificationMode } from "../words/verification.ts";
import { parseSeconds, refuseUnknown } from "./option-checks.ts";

const forms =
  '{ mode: "local" }, { mode: "introspection" } or { mode: "hybrid", introspectAfterSeconds, onUnavailable: "fail" | { allowStaleSeconds } }';

/** @throws TypeError naming what is wrong and the forms that there are */
export function parseVerification(value: VerificationMode = { mode: "local" }): VerificationMode {
  if (typeof value !== "object" || value === null) throw new TypeError(`option verification must be ${forms}`);
  switch (value.mode) {
    case "local":
      refuseUnknown(value, ["mode"], 'option verification with mode "local": option');
      return value;
    case "introspection":
      refuseUnknown(value, ["mode", "cache"], 'option verification with mode "introspection": option');
      checkCache(value.cache);
      return value;
    case "hybrid": {
      refuseUnknown(value, ["mode", "introspectAfterSeconds", "onUnavailable", "cache"], "option verification: option");
      checkCache(value.cache);
      const { introspectAfterSeconds, onUnavailable } = value;
      parseSeconds(introspectAfterSeconds, "verification.introspectAfterSeconds", 1);
      if (onUnavailable === "fail") return value;
      if (typeof onUnavailable !== "object" || onUnavailable === null) {
        throw new TypeError('option verification.onUnavailable must be "fail" or { allowStaleSeconds }');
      }
      refuseUnknown(onUnavailable, ["allowStaleSeconds"], "option verification.onUnavailable: option");
      parseSeconds(onUnavailable.allowStaleSeconds, "verification.onUnavailable.allowStaleSeconds", 1);
      return value;
    }
    default:
      throw new TypeError(`option verification must be ${forms}`);
  }
}

function checkCache(cache: IntrospectionCache | undefined): void {
  if (cache === undefined || (typeof cache?.load === "function" && typeof cache.save === "function")) return;
  throw new TypeError("option verification.cache must have load() and save(), such as createRedisIntrospectionCache()");
}

/** @throws TypeError naming what is wrong and the fix */
export function parseRevocation(value: RevocationOptions = {}): RevocationOptions {
  if (typeof value !== "object" || value === null)
    throw new TypeError("option revocation must be an object such as { store }");
  refuseUnknown(value, ["store", "onUnavailable"], "option revocation: option");
  const { store, onUnavailable } = value;
  if (store !== undefined && !(typeof store?.add === "function" && typeof store.subscribe === "function")) {
    throw new TypeError(
      "option revocation.store must have add() and subscribe(), such as createMemoryRevocationStore()",
    );
  }
  if (onUnavailable !== undefined && onUnavailable !== "serve" && onUnavailable !== "fail") {
    throw new TypeError('option revocation.onUnavailable must be "serve" or "fail"');
  }
  if (onUnavailable === "fail" && store === undefined) {
    throw new TypeError(
      'option revocation.onUnavailable "fail" needs a store that can be unavailable; set revocation.store',
    );
  }
  return value;
}

/** @throws TypeError naming what is wrong and the fix */
export function parseRefresh(value: RefreshSettings = {}): RefreshSettings {
  if (typeof value !== "object" || value === null)
    throw new TypeError("option refresh must be an object such as { graceSeconds: 10 }");
  refuseUnknown(value, ["coordinator", "graceSeconds"], "option refresh: option");
  const { coordinator, graceSeconds } = value;
  if (graceSeconds !== undefined) parseSeconds(graceSeconds, "refresh.graceSeconds", 0, 60);
  if (coordinator !== undefined && typeof coordinator?.begin !== "function") {
    throw new TypeError(
      "option refresh.coordinator must be a RefreshCoordinator, such as createMemoryRefreshCoordinator()",
    );
  }
  return value;
}
