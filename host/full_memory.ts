/**
 * A WebAssembly memory that never grows while threads run.
 *
 * Deno runs V8 without its WebAssembly trap handler, so compiled code compares every address with a cached memory
 * size. When one thread grows a shared memory the others learn the new size at their next interrupt check, which may
 * come after they were woken to work in the new pages: the thread dies with "memory access out of bounds" and the
 * run that waits for it never ends. Memory is therefore reserved at full size from the start; pages that are never
 * touched cost nothing.
 */

/** Smallest reservation worth having, in 64 KiB pages: 512 MiB. */
const FEWEST_PAGES = 8192;

/**
 * Runs `load`, during which every shared memory that the engine makes starts at its maximum size, or at the largest
 * size that the machine grants.
 */
export async function withFullMemory<T>(load: () => Promise<T>): Promise<T> {
  const Memory = WebAssembly.Memory;
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor.shared === true ? reserve(descriptor, Memory) : descriptor);
    }
  };
  try {
    return await load();
  } finally {
    WebAssembly.Memory = Memory;
  }
}

function reserve(
  descriptor: WebAssembly.MemoryDescriptor,
  Memory: typeof WebAssembly.Memory,
): WebAssembly.MemoryDescriptor {
  // One page short of 4 GiB: Emscripten holds the size in 32 bits, where 4 GiB would read as 0.
  for (let pages = (descriptor.maximum ?? 65536) - 1; pages >= FEWEST_PAGES; pages = Math.floor(pages / 2)) {
    const full = { ...descriptor, initial: Math.max(pages, descriptor.initial) };
    try {
      new Memory(full);
      return full;
    } catch {
      // not granted: try half of it
    }
  }
  return descriptor;
}
