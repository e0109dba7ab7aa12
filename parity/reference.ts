/** Reading reference runs: a `<stem>.json` that describes the tensors of `<stem>.safetensors` beside it. */

import { parsePythonJson } from "../compute/model/python_json.ts";
import type { Tensor } from "../compute/tensor.ts";

/** Tensors by key, as stored: float32, and integers converted to float32 (exact below 2^24). */
export type Tensors = ReadonlyMap<string, Tensor>;

interface SafetensorsEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * Reads a safetensors file (https://github.com/huggingface/safetensors: an 8-byte little-endian header length, a
 * JSON header, then the raw data).
 * @throws {SyntaxError} if it is not one.
 * @throws {TypeError} on a dtype other than F32, F64, I32 and I64.
 */
export function readSafetensors(path: string | URL): Tensors {
  const file = Deno.readFileSync(path);
  const { length, header } = readHeader(file, path);
  const tensors = new Map<string, Tensor>();
  for (const [key, entry] of Object.entries(header)) {
    if (key === "__metadata__") continue;
    const [from, to] = entry.data_offsets;
    const bytes = file.slice(8 + length + from, 8 + length + to).buffer;
    tensors.set(key, { dims: entry.shape, data: toFloat32(bytes, entry.dtype, key) });
  }
  return tensors;
}

function readHeader(
  file: Uint8Array<ArrayBuffer>,
  path: string | URL,
): { readonly length: number; readonly header: Readonly<Record<string, SafetensorsEntry>> } {
  try {
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    return { length, header: JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) };
  } catch (error) {
    throw new SyntaxError(`Cannot read "${path}": not a safetensors file`, { cause: error });
  }
}

function toFloat32(bytes: ArrayBuffer, dtype: string, key: string): Float32Array {
  switch (dtype) {
    case "F32":
      return new Float32Array(bytes);
    case "F64":
      return Float32Array.from(new Float64Array(bytes));
    case "I32":
      return Float32Array.from(new Int32Array(bytes));
    case "I64":
      return Float32Array.from(new BigInt64Array(bytes), Number);
    default:
      throw new TypeError(`Cannot read tensor "${key}": dtype ${dtype} is not supported`);
  }
}

/**
 * Reads a JSON document as Python writes it; the caller knows what it holds.
 * @throws {SyntaxError} if it is not one.
 */
export function readReferenceJson<T>(path: string | URL): T {
  const text = Deno.readTextFileSync(path);
  try {
    return parsePythonJson(text) as T;
  } catch (error) {
    throw new SyntaxError(`Cannot read "${path}": not JSON`, { cause: error });
  }
}

/** The largest absolute difference of two arrays; NaN anywhere, or unequal lengths, give Infinity. */
export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs((a[i] ?? NaN) - (b[i] ?? NaN));
    if (!(d <= worst)) worst = Number.isNaN(d) ? Infinity : d;
    if (worst === Infinity) break;
  }
  return worst;
}
