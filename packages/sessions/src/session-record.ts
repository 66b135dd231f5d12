import * as v from "valibot";
import type { Session } from "./keeper.ts";

const time = v.pipe(v.number(), v.finite());
const text = v.pipe(v.string(), v.minLength(1));

const sessionSchema = v.strictObject({
  id: text,
  environment: text,
  userId: text,
  isAnonymous: v.boolean(),
  grantedScope: v.optional(text),
  accessToken: text,
  accessTokenEndsAt: time,
  refreshToken: v.optional(text),
  renewedAt: time,
  startedAt: time,
  seenAt: time,
  userAgent: v.optional(v.string()),
});

const ticketSchema = v.strictObject({ id: text, startedAt: time });

const transactionSchema = v.strictObject({ key: text, endsAt: time, data: v.record(v.string(), v.string()) });

/** What the cookie holds where the session itself is in a store. */
export type Ticket = v.InferOutput<typeof ticketSchema>;
/** What the cookie of a transaction holds. */
export type Transaction = v.InferOutput<typeof transactionSchema>;

/** What is in the place of a session that its browser has left; nothing reads it. */
interface Left {
  readonly isLeft: true;
}

export function formatRecord(record: Session | Ticket | Transaction | Left): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(record));
}

/** `undefined` for what is no session of this version. */
export function parseSession(bytes: Uint8Array): Session | undefined {
  const record = parse(sessionSchema, bytes);
  return (
    record && {
      ...record,
      ...{ grantedScope: record.grantedScope, refreshToken: record.refreshToken, userAgent: record.userAgent },
    }
  );
}

export function parseTicket(bytes: Uint8Array): Ticket | undefined {
  return parse(ticketSchema, bytes);
}

export function parseTransaction(bytes: Uint8Array): Transaction | undefined {
  return parse(transactionSchema, bytes);
}

/** Only ever of what we sealed ourselves; an older or a newer version may have written it another way, though. */
function parse<Schema extends v.GenericSchema>(schema: Schema, bytes: Uint8Array): v.InferOutput<Schema> | undefined {
  try {
    const parsed = v.safeParse(schema, JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
