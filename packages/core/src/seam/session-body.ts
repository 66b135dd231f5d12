import type { Readable } from "node:stream";

/** More than any of the auth routes takes. */
export const maxSessionBodyBytes = 16_384;

/**
 * The body of a request to the auth routes, as `SessionRequest` has it: its text, `undefined` if it is empty, `null` if
 * it is longer than 16 KiB. What is too long is not read to its end: such an answer has to close the connection.
 *
 * @throws whatever the stream is destroyed with (rejects): the client is gone
 */
export async function readSessionBody(stream: Readable): Promise<string | null | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Not `for await (… of stream)`: leaving that early destroys the stream, and with it the connection of the answer.
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    const read = Buffer.from(chunk as Uint8Array);
    bytes += read.length;
    if (bytes > maxSessionBodyBytes) return null;
    chunks.push(read);
  }
  return bytes === 0 ? undefined : new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.concat(chunks));
}
