/**
 * Hiding a Worker's address from a module while it is evaluated.
 *
 * onnxruntime-web's builds for browsers resolve their own address against `location.origin`. Of a Worker whose script
 * is a file that is the word "null", which is no address: the import would fail.
 */

/** Runs `load` where there is no `location`, as on Deno's main thread. */
export async function withoutLocation<T>(load: () => Promise<T>): Promise<T> {
  const location = Object.getOwnPropertyDescriptor(globalThis, "location");
  if (location === undefined) return await load();
  Object.defineProperty(globalThis, "location", { value: undefined, configurable: true });
  try {
    return await load();
  } finally {
    Object.defineProperty(globalThis, "location", location);
  }
}
