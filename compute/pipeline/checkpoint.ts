/**
 * Plain data with arrays in it as bytes: a header in JSON, then the arrays as they are.
 *
 *     "PARTERRE"  header's bytes, uint32  header  arrays, float32 or bytes
 *
 * Numbers are little-endian; the header and every array begin at a multiple of four bytes. In the header an array is
 * `{"array": [type, first byte behind the header, bytes]}`; one that is there twice is stored once.
 */

const MAGIC = new TextEncoder().encode("PARTERRE");
const TYPES = { f32: Float32Array, u8: Uint8Array } as const;

/** An array that may be packed. */
type Packable = Float32Array | Uint8Array;

/** Bytes that are no checkpoint, or only a part of one. */
export class BrokenCheckpointError extends Error {
  override readonly name = "BrokenCheckpointError";
  readonly code = "BROKEN_CHECKPOINT";

  /** @param reason What is wrong, without a full stop. */
  constructor(readonly reason: string) {
    super(`Cannot read a checkpoint: ${reason}`);
  }
}

/** @param value Plain JSON, with Float32Array and Uint8Array anywhere in it. */
export function packed(value: object): Uint8Array<ArrayBuffer> {
  const places = new Map<Packable, number>();
  let size = 0;
  const json = JSON.stringify(value, (_key, part: unknown) => {
    if (!(part instanceof Float32Array || part instanceof Uint8Array)) return part;
    const first = places.get(part) ?? size;
    if (!places.has(part)) size = aligned(first + part.byteLength);
    places.set(part, first);
    return { array: [part instanceof Float32Array ? "f32" : "u8", first, part.byteLength] };
  });
  const header = new TextEncoder().encode(json);
  const begin = aligned(MAGIC.length + 4 + header.length);
  const bytes = new Uint8Array(begin + size);
  bytes.set(MAGIC);
  new DataView(bytes.buffer).setUint32(MAGIC.length, header.length, true);
  bytes.set(header, MAGIC.length + 4);
  for (const [{ buffer, byteOffset, byteLength }, first] of places) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), begin + first);
  }
  return bytes;
}

/**
 * What was packed; its arrays are copies.
 * @throws {BrokenCheckpointError} if the bytes are not what {@link packed} gives.
 */
export function unpacked(bytes: Uint8Array): unknown {
  if (bytes.length < MAGIC.length + 4 || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new BrokenCheckpointError("it does not begin as one");
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length, true);
  const begin = aligned(MAGIC.length + 4 + length);
  if (begin > bytes.length) throw new BrokenCheckpointError("its header ends early");
  const header = new TextDecoder().decode(bytes.subarray(MAGIC.length + 4, MAGIC.length + 4 + length));
  try {
    return JSON.parse(header, (_key, part: unknown) => isPlace(part) ? arrayAt(bytes, begin, part.array) : part);
  } catch (error) {
    if (error instanceof BrokenCheckpointError) throw error;
    throw new BrokenCheckpointError("its header is no JSON");
  }
}

type Place = readonly [type: keyof typeof TYPES, first: number, size: number];

function isPlace(part: unknown): part is { readonly array: Place } {
  return typeof part === "object" && part !== null && "array" in part && Array.isArray(part.array) &&
    Object.hasOwn(TYPES, String(part.array[0]));
}

function arrayAt(bytes: Uint8Array, begin: number, [type, first, size]: Place): Packable {
  const copy = new Uint8Array(bytes.subarray(begin + first, begin + first + size)); // a Buffer's `slice` copies nothing
  if (copy.length !== size || size % TYPES[type].BYTES_PER_ELEMENT !== 0) {
    throw new BrokenCheckpointError("an array in it ends early");
  }
  return new TYPES[type](copy.buffer);
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}
