/** The kernels' memory: one module instance, and an arena that every call starts anew. */

import { MODULE } from "./module.ts";

/** What the module exports; addresses and sizes are in bytes, see `assembly/index.ts`. */
export interface Exports {
  readonly memory: WebAssembly.Memory;
  heapBase(): number;
  compose(image: number, regions: number, count: number, maps: number, mapCount: number, stacked: number): number;
  averageBlocks(
    maps: number,
    count: number,
    height: number,
    width: number,
    side: number,
    out: number,
    line: number,
  ): void;
  renderPreview(latents: number, channels: number, cells: number, matrix: number, bytes: number): void;
}

const PAGE = 65536;

/** A memory that has grown beyond this is given up after the call; WebAssembly's cannot shrink. */
const KEPT_BYTES = 64 * 2 ** 20;

/** A run of the kernels' memory, freed with everything else at the next call. */
export class Arena {
  #end: number;

  constructor(readonly kernels: Exports) {
    this.#end = kernels.heapBase();
  }

  /** The address of `bytes` free bytes, a multiple of 16. Their content is whatever was there before. */
  take(bytes: number): number {
    const at = Math.ceil(this.#end / 16) * 16;
    this.#end = at + bytes;
    // Vectors at a row's end may reach beyond it.
    const missing = this.#end + 64 - this.kernels.memory.buffer.byteLength;
    if (missing > 0) this.kernels.memory.grow(Math.ceil(missing / PAGE));
    return at;
  }

  /** Copies values in as 32-bit floats, and gives their address. */
  floats(values: ArrayLike<number>): number {
    const at = this.take(values.length * 4);
    this.floatsAt(at, values.length).set(values);
    return at;
  }

  /** Copies values in as 64-bit floats, and gives their address. */
  doubles(values: ArrayLike<number>): number {
    const at = this.take(values.length * 8);
    new Float64Array(this.kernels.memory.buffer, at, values.length).set(values);
    return at;
  }

  /** Copies values in as 32-bit integers, and gives their address. */
  integers(values: ArrayLike<number>): number {
    const at = this.take(values.length * 4);
    new Int32Array(this.kernels.memory.buffer, at, values.length).set(values);
    return at;
  }

  /** A view, valid until the next address is taken. */
  floatsAt(at: number, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.kernels.memory.buffer as ArrayBuffer, at, length);
  }
}

let instance: Exports | null | undefined;

/**
 * Calls kernels with an empty arena. Null where this engine does not run them, having no SIMD, or where its memory has no room: the
 * twin does the work then.
 */
export function withKernels<T>(call: (arena: Arena) => T): T | null {
  const kernels = load();
  if (kernels === null) return null;
  try {
    return call(new Arena(kernels));
  } catch (error) {
    // `Memory.grow` refuses with a RangeError; the kernels themselves throw nothing.
    if (error instanceof RangeError) return null;
    throw error;
  } finally {
    if (kernels.memory.buffer.byteLength > KEPT_BYTES) instance = undefined;
  }
}

function load(): Exports | null {
  if (instance === undefined) instance = instantiate();
  return instance;
}

function instantiate(): Exports | null {
  try {
    const module = new WebAssembly.Module(Uint8Array.fromBase64(MODULE));
    return new WebAssembly.Instance(module, {}).exports as unknown as Exports;
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return null; // no SIMD
    throw error;
  }
}
