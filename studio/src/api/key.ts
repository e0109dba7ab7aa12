/** The caller's key, for servers that ask for one. It is kept in this tab alone unless asked to be remembered. */

import { signal } from "@preact/signals";
import { keep, kept } from "../shell/keep.ts";

const PLACE = "parterre.key";

/** The key; null while none was given. */
export const key = signal<string | null>(kept(PLACE, "sessionStorage") ?? kept(PLACE));

/** Whether the server refused the last request for want of a key that it knows. */
export const keyRefused = signal(false);

/** Takes a key, or forgets it. */
export function useKey(value: string | null, remember = false): void {
  keep(PLACE, remember ? null : value, "sessionStorage");
  keep(PLACE, remember ? value : null);
  key.value = value;
  keyRefused.value = false;
}

/** What requests carry. */
export function authorization(): Record<string, string> {
  return key.value === null ? {} : { authorization: `Bearer ${key.value}` };
}
