import { captchaLetters } from "../state/captchas.ts";

/** Each character in five columns and seven rows; a row is a number of five bits, the leftmost pixel first. */
const shapes: Readonly<Record<string, readonly number[]>> = {
  A: [0x0e, 0x11, 0x11, 0x1f, 0x11, 0x11, 0x11],
  C: [0x0e, 0x11, 0x10, 0x10, 0x10, 0x11, 0x0e],
  D: [0x1e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x1e],
  E: [0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x1f],
  F: [0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x10],
  H: [0x11, 0x11, 0x11, 0x1f, 0x11, 0x11, 0x11],
  J: [0x07, 0x02, 0x02, 0x02, 0x02, 0x12, 0x0c],
  K: [0x11, 0x12, 0x14, 0x18, 0x14, 0x12, 0x11],
  L: [0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x1f],
  M: [0x11, 0x1b, 0x15, 0x15, 0x11, 0x11, 0x11],
  N: [0x11, 0x19, 0x19, 0x15, 0x13, 0x13, 0x11],
  P: [0x1e, 0x11, 0x11, 0x1e, 0x10, 0x10, 0x10],
  R: [0x1e, 0x11, 0x11, 0x1e, 0x14, 0x12, 0x11],
  T: [0x1f, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04],
  U: [0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0e],
  V: [0x11, 0x11, 0x11, 0x11, 0x11, 0x0a, 0x04],
  W: [0x11, 0x11, 0x11, 0x15, 0x15, 0x1b, 0x11],
  X: [0x11, 0x11, 0x0a, 0x04, 0x0a, 0x11, 0x11],
  Y: [0x11, 0x11, 0x0a, 0x04, 0x04, 0x04, 0x04],
  3: [0x1e, 0x01, 0x01, 0x0e, 0x01, 0x01, 0x1e],
  4: [0x02, 0x06, 0x0a, 0x12, 0x1f, 0x02, 0x02],
  6: [0x06, 0x08, 0x10, 0x1e, 0x11, 0x11, 0x0e],
  7: [0x1f, 0x01, 0x02, 0x04, 0x08, 0x08, 0x08],
  9: [0x0e, 0x11, 0x11, 0x0f, 0x01, 0x02, 0x0c],
};

const scale = 4;
const columns = 6;
const rows = 7;
const margin = 8;

/** The text as a GIF (GIF89a), black on white; characters of `captchaLetters` only. */
export function drawText(text: string): Buffer {
  const width = text.length * columns * scale + 2 * margin;
  const height = rows * scale + 2 * margin;
  const pixels = Buffer.alloc(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const column = Math.floor((x - margin) / scale);
      const row = Math.floor((y - margin) / scale);
      if (isInk(text, column, row)) pixels[y * width + x] = 1;
    }
  }
  return encodeGif(width, height, pixels);
}

function isInk(text: string, column: number, row: number): boolean {
  const character = text.charAt(Math.floor(column / columns));
  if (column < 0 || !captchaLetters.includes(character)) return false;
  const bits = shapes[character]?.[row] ?? 0;
  return ((bits >> (4 - (column % columns))) & 1) === 1;
}

/**
 * One image with two of 128 colours. With seven bits a pixel every LZW code is one byte as long as the table is
 * cleared before its codes grow to nine bits, so that nothing has to be compressed.
 */
function encodeGif(width: number, height: number, pixels: Buffer): Buffer {
  const clear = 0x80;
  const end = 0x81;
  const beforeGrowth = 126;
  const header = Buffer.alloc(13);
  header.write("GIF89a", "latin1");
  header.writeUInt16LE(width, 6);
  header.writeUInt16LE(height, 8);
  header[10] = 0xf6; // a global table of 128 colours
  const colours = Buffer.alloc(128 * 3);
  colours.fill(0xff, 0, 3);
  const descriptor = Buffer.alloc(11);
  descriptor[0] = 0x2c;
  descriptor.writeUInt16LE(width, 5);
  descriptor.writeUInt16LE(height, 7);
  descriptor[10] = 7; // bits a pixel

  const codes: Buffer[] = [];
  for (let at = 0; at < pixels.length; at += beforeGrowth) {
    codes.push(Buffer.from([clear]), pixels.subarray(at, at + beforeGrowth));
  }
  codes.push(Buffer.from([end]));
  const stream = Buffer.concat(codes);
  const blocks: Buffer[] = [];
  for (let at = 0; at < stream.length; at += 255) {
    const block = stream.subarray(at, at + 255);
    blocks.push(Buffer.from([block.length]), block);
  }
  return Buffer.concat([header, colours, descriptor, ...blocks, Buffer.from([0, 0x3b])]);
}
