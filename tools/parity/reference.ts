/** Reading reference runs: a `<stem>.json` that describes the tensors of `<stem>.safetensors` beside it. */

import { parsePythonJson } from "../../compute/model/python_json.ts";
import { parseSafetensors } from "../../compute/model/safetensors.ts";
import type { Tensor } from "../../compute/tensor.ts";

/** Tensors by key, as stored: float32, and integers converted to float32 (exact below 2^24). */
export type Tensors = ReadonlyMap<string, Tensor>;

/**
 * Reads a safetensors file.
 * @throws {SyntaxError} if it is not one, or holds a tensor of an element type that is not read.
 */
export function readSafetensors(path: string | URL): Tensors {
  const file = Deno.readFileSync(path);
  try {
    const { entries, tensor } = parseSafetensors(file);
    return new Map([...entries.keys()].map((key) => [key, tensor(key)]));
  } catch (error) {
    throw new SyntaxError(`Cannot read "${path}": ${error instanceof Error ? error.message : error}`, { cause: error });
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

/** The largest magnitude; 0 of none. */
export function largest(values: Float32Array): number {
  return values.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
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
