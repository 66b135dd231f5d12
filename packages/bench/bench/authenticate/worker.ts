import { answer } from "../answer.ts";
import { numberOf } from "../messages.ts";
import { openPool } from "../tokens/pool.ts";
import { contenders } from "./contenders.ts";
import { requestOf } from "./request.ts";
import { meanOf } from "./run-through.ts";

// One contender in a process of its own: the others' code must not shape what V8 makes of it.
const [name = "", keyServer = ""] = process.argv.slice(2);
const create = contenders[name];
if (create === undefined) throw new Error(`there is no contender ${name}`);
const pool = openPool();
const given = { publicKey: pool.publicKey, publicJwk: pool.publicJwk, keyServer };
const check = await create(given);

answer({
  /** `passes` times over the tokens from..from+count, each time in fresh strings. */
  round(input) {
    const [from, count, passes] = [numberOf(input, "from"), numberOf(input, "count"), numberOf(input, "passes")];
    return meanOf(count * passes, (index) => requestOf(pool.token(from + (index % count))), check);
  },
});
