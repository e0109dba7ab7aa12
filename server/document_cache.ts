/** Documents that were parsed before: by count and by size, since clients choose what is in it. */

import { LRUCache } from "lru-cache";

const MAX_DOCUMENTS = 500;
/** Characters of all documents together; parsed, each takes up to some hundred bytes. */
const MAX_CHARACTERS = 256 * 1024;
/** Longer ones are parsed each time. */
const MAX_LENGTH = 16 * 1024;

/** Makes a cache of what documents were parsed into, by their text. */
export function documentCache<T extends object>(): {
  get(text: string): T | undefined;
  set(text: string, value: T): void;
} {
  const cache = new LRUCache<string, T>({
    max: MAX_DOCUMENTS,
    maxSize: MAX_CHARACTERS,
    maxEntrySize: MAX_LENGTH,
    sizeCalculation: (_value, text) => Math.max(1, text.length),
  });
  return { get: (text) => cache.get(text), set: (text, value) => void cache.set(text, value) };
}
