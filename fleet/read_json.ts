/** Texts in Redis, which another program may have written. */

/** What a text stands for; undefined where it is no JSON. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
