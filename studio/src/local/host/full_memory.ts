/** Browsers let a shared memory grow while threads run. See `host/full_memory.ts`. */

export function withFullMemory<T>(load: () => Promise<T>): Promise<T> {
  return load();
}
