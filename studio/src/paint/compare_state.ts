/** Which two pictures lie under the slider. */

import { signal } from "@preact/signals";
import type { Painted } from "./job.ts";

/** The two pictures; null while none are compared. */
export const compared = signal<{ readonly before: Painted; readonly after: Painted } | null>(null);

/** Lays two pictures over each other. */
export function compare(before: Painted, after: Painted): void {
  compared.value = { before, after };
}
