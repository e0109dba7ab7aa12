/**
 * Reading safetensors files (https://github.com/huggingface/safetensors, "Format": an 8-byte little-endian header length, a
 * JSON header, then the raw data): no library for this runs outside of browsers and Node's fetch.
 */

import { openFile } from "#host/files.ts";
import { z } from "zod";
import { elements, type Tensor } from "../tensor.ts";

const size = z.int().nonnegative();

const headerSchema = z.record(
  z.string(),
  z.object({ dtype: z.string(), shape: z.array(size), data_offsets: z.tuple([size, size]) }),
);

/** A tensor as a header describes it; offsets count from the end of the header. */
export type SafetensorsEntry = z.infer<typeof headerSchema>[string];

/** Element types that are read, and how the bytes of each become float32; integers are exact below 2^24. */
const READERS: Readonly<
  Record<string, { readonly bytes: number; readonly read: (data: ArrayBuffer) => Float32Array }>
> = {
  F64: { bytes: 8, read: (data) => Float32Array.from(new Float64Array(data)) },
  F32: { bytes: 4, read: (data) => new Float32Array(data) },
  F16: { bytes: 2, read: (data) => Float32Array.from(new Float16Array(data)) },
  // The upper half of a float32.
  BF16: { bytes: 2, read: (data) => new Float32Array(Uint32Array.from(new Uint16Array(data), (v) => v << 16).buffer) },
  I64: { bytes: 8, read: (data) => Float32Array.from(new BigInt64Array(data), Number) },
  I32: { bytes: 4, read: (data) => Float32Array.from(new Int32Array(data)) },
};

/** Whether tensors of an element type are read. */
export function isReadable({ dtype }: SafetensorsEntry): boolean {
  return Object.hasOwn(READERS, dtype);
}

/** A file's header, with its tensors by name, and its data. */
export interface Safetensors {
  readonly entries: ReadonlyMap<string, SafetensorsEntry>;
  /** @throws {SyntaxError} if the tensor is of an element type that is not read, or there is none of that name. */
  tensor(name: string): Tensor;
}

/**
 * Parses a file.
 * @throws {SyntaxError} if it is not one: the message says why, and begins with `not a safetensors file`.
 */
export function parseSafetensors(file: Uint8Array): Safetensors {
  const { entries, data } = parseHeader((from, to) => file.subarray(from, to), file.length);
  return { entries, tensor: reader(entries, (from, to) => file.slice(data + from, data + to).buffer) };
}

/** What a header says. */
export interface SafetensorsHeader {
  readonly entries: ReadonlyMap<string, SafetensorsEntry>;
  /** Free text by name, as its writer left it. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Where in the file the data begins. */
  readonly data: number;
}

/** A longer header is no header: 50 MB list a million tensors. */
const MAX_HEADER = 50 * 2 ** 20;

/**
 * Reads a file's header and nothing else.
 * @throws {SyntaxError} if it is not one: the message says why, and begins with `not a safetensors file`.
 */
export function readSafetensorsHeader(path: string): SafetensorsHeader {
  using file = openFile(path);
  return parseHeader((from, to) => file.read(from, to), file.size);
}

/**
 * Opens a file; tensors are read when they are asked for.
 * @throws {SyntaxError} if it is not one: the message says why, and begins with `not a safetensors file`.
 */
export function openSafetensors(path: string): SafetensorsHeader & Safetensors {
  const header = readSafetensorsHeader(path);
  const read = (from: number, to: number) => {
    using file = openFile(path);
    return file.read(header.data + from, header.data + to).buffer;
  };
  return { ...header, tensor: reader(header.entries, read) };
}

/** @param read Bytes [from, to) of the file, both at most its length. */
function parseHeader(read: (from: number, to: number) => Uint8Array, length: number): SafetensorsHeader {
  const wrong = (reason: string) => new SyntaxError(`not a safetensors file: ${reason}`);
  if (length < 8) throw wrong("it is shorter than its first field");
  const first = read(0, 8);
  const data = 8 + Number(new DataView(first.buffer, first.byteOffset).getBigUint64(0, true));
  if (data > length) throw wrong("its header is longer than the file");
  if (data > MAX_HEADER) throw wrong(`its header has ${data - 8} bytes`);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(read(8, data)));
  } catch {
    throw wrong("its header is not JSON");
  }
  let notes: unknown;
  if (typeof json === "object" && json !== null && "__metadata__" in json) {
    notes = json.__metadata__;
    delete json.__metadata__;
  }
  const header = headerSchema.safeParse(json);
  if (!header.success) throw wrong("its header describes no tensors");
  const entries = new Map(Object.entries(header.data));
  for (const [name, { dtype, shape, data_offsets: [from, to] }] of entries) {
    const bytes = READERS[dtype]?.bytes;
    if (from > to || data + to > length) throw wrong(`the data of "${name}" lies outside of the file`);
    if (bytes !== undefined && elements(shape) * bytes !== to - from) {
      throw wrong(`"${name}" has another size than its shape`);
    }
  }
  const metadata = metadataSchema.safeParse(notes);
  return { entries, metadata: metadata.success ? metadata.data : {}, data };
}

const metadataSchema = z.record(z.string(), z.string());

/** Reads tensors by name. @param read Bytes [from, to) of the data, in a buffer of their own. */
function reader(
  entries: ReadonlyMap<string, SafetensorsEntry>,
  read: (from: number, to: number) => ArrayBuffer,
): Safetensors["tensor"] {
  return (name) => {
    const entry = entries.get(name);
    const type = READERS[entry?.dtype ?? ""];
    if (entry === undefined || type === undefined) {
      throw new SyntaxError(`"${name}" is ${entry === undefined ? "not in it" : `of the type ${entry.dtype}`}`);
    }
    const [from, to] = entry.data_offsets;
    const data = type.read(read(from, to));
    if (data.length !== elements(entry.shape)) throw new SyntaxError(`"${name}" has another size than its shape`);
    return { dims: entry.shape, data };
  };
}
