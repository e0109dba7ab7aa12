/**
 * Reading safetensors files (https://github.com/huggingface/safetensors, "Format": an 8-byte little-endian header length, a
 * JSON header, then the raw data): no library for this runs outside of browsers and Node's fetch.
 */

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
  const wrong = (reason: string) => new SyntaxError(`not a safetensors file: ${reason}`);
  if (file.length < 8) throw wrong("it is shorter than its first field");
  const view = new DataView(file.buffer, file.byteOffset);
  const data = 8 + Number(view.getBigUint64(0, true));
  if (data > file.length) throw wrong("its header is longer than the file");
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(file.subarray(8, data)));
  } catch {
    throw wrong("its header is not JSON");
  }
  if (typeof json === "object" && json !== null && "__metadata__" in json) delete json.__metadata__;
  const header = headerSchema.safeParse(json);
  if (!header.success) throw wrong("its header describes no tensors");
  const entries = new Map(Object.entries(header.data));
  for (const [name, { dtype, shape, data_offsets: [from, to] }] of entries) {
    const bytes = READERS[dtype]?.bytes;
    if (from > to || data + to > file.length) throw wrong(`the data of "${name}" lies outside of the file`);
    if (bytes !== undefined && elements(shape) * bytes !== to - from) {
      throw wrong(`"${name}" has another size than its shape`);
    }
  }
  return {
    entries,
    tensor: (name) => {
      const entry = entries.get(name);
      const reader = READERS[entry?.dtype ?? ""];
      if (entry === undefined || reader === undefined) {
        throw new SyntaxError(`"${name}" is ${entry === undefined ? "not in it" : `of the type ${entry.dtype}`}`);
      }
      const [from, to] = entry.data_offsets;
      return { dims: entry.shape, data: reader.read(file.slice(data + from, data + to).buffer) };
    },
  };
}
