/** A page's Worker has an address. See `host/without_location.ts`. */

export function withoutLocation<T>(load: () => Promise<T>): Promise<T> {
  return load();
}
