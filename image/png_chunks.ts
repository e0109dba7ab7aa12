/** The parts of a PNG file. Source: https://www.w3.org/TR/png-3/#5DataRep */

/** One chunk: its type, such as `IDAT`, and what it holds, a view over the file. */
export interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

/** The chunks from IHDR up to IEND; of a file cut short, those that are whole. */
export function* chunks(png: Uint8Array): Generator<Chunk> {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  for (let start = 8; start + 12 <= png.length;) {
    const end = start + 8 + view.getUint32(start);
    const type = latin1(png.subarray(start + 4, start + 8));
    if (end + 4 > png.length || type === "IEND") return;
    yield { type, data: png.subarray(start + 8, end) };
    start = end + 4;
  }
}

/** Bytes as Latin-1. Not TextDecoder: its "latin1" is Windows-1252, which differs from 0x80 to 0x9f. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
