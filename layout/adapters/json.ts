/** JSON of files that nobody vouches for. */

/** An object whose fields may hold anything. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is an object, and no list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object; undefined for anything else. */
export function objectOf(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

/** The object in a text; undefined where the text is no JSON, or any other. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The text of a field, trimmed; empty where there is none. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value.trim() : "";
}

/** The list of a field; empty where there is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
