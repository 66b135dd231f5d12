import { parseCookies } from "@cloudbase-auth/core/adapter";
import type { CookieWriter } from "./cookie-writer.ts";
import type { TransactionCookies } from "./keeper.ts";
import type { Sealer } from "./sealer.ts";
import { formatRecord, parseTransaction } from "./session-record.ts";

interface TransactionCookiesParts {
  /** What stands before the key in the names. */
  readonly prefix: string;
  readonly sealer: Sealer;
  readonly writer: CookieWriter;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const keyForm = /^[\w-]{1,64}$/;
const longestCookie = 4_096;
const mostValues = 4;

export function createTransactionCookies({ prefix, sealer, writer, now }: TransactionCookiesParts): TransactionCookies {
  // The key is sealed along, so that one transaction's cookie is not another's under its name.
  return {
    async seal(key, data, maxAgeSeconds) {
      if (!keyForm.test(key)) throw new TypeError("the key of a transaction must be 1 to 64 of A-Z a-z 0-9 _ and -");
      const endsAt = now() + maxAgeSeconds * 1_000;
      const sealed = await sealer.seal(formatRecord({ key, endsAt, data }));
      const cookie = writer.set(prefix + key, sealed, maxAgeSeconds);
      if (cookie.length > longestCookie) throw new TypeError("the data of a transaction must fit into one cookie");
      return cookie;
    },
    async open(request, key) {
      const values = new Set(
        parseCookies(request)
          .get(prefix + key)
          ?.slice(0, mostValues),
      );
      const opened = await Promise.all([...values].map((value) => sealer.open(value)));
      const found = opened.flatMap((unsealed) => {
        const transaction = unsealed && parseTransaction(unsealed.bytes);
        return transaction?.key === key && now() < transaction.endsAt ? [transaction.data] : [];
      });
      return found.length === 1 ? found[0] : undefined;
    },
    expire: (key) => writer.expire(prefix + key),
    keys(request) {
      const names = [...parseCookies(request).keys()].filter((name) => name.startsWith(prefix));
      return names.map((name) => name.slice(prefix.length)).filter((key) => keyForm.test(key));
    },
  };
}
