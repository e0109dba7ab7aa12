/** JSON with one spelling per value, so that equal requests are equal strings. */

/** `JSON.stringify` with object keys in code-unit order, at every depth. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => isPlainObject(part) ? sortKeys(part) : part);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sortKeys(object: Record<string, unknown>): Record<string, unknown> {
  // Sorting is possible for all but integer-like keys, which JavaScript orders by value: still one order per object.
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => a < b ? -1 : 1));
}
