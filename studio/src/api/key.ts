/** The caller's key, for servers that ask for one. It is kept in this tab alone unless asked to be remembered. */

import { signal } from "@preact/signals";

const PLACE = "parterre.key";

/** The key; null while none was given. */
export const key = signal<string | null>(sessionStorage.getItem(PLACE) ?? localStorage.getItem(PLACE));

/** Whether the server refused the last request for want of a key that it knows. */
export const keyRefused = signal(false);

/** Takes a key, or forgets it. */
export function useKey(value: string | null, remember = false): void {
  sessionStorage.removeItem(PLACE);
  localStorage.removeItem(PLACE);
  if (value !== null) (remember ? localStorage : sessionStorage).setItem(PLACE, value);
  key.value = value;
  keyRefused.value = false;
}

/** What requests carry. */
export function authorization(): Record<string, string> {
  return key.value === null ? {} : { authorization: `Bearer ${key.value}` };
}
