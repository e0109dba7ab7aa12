/** Which generation this browser watched last, so that a reload finds it again. */

import type { GenerateInput } from "../api/generated.ts";

const PLACE = "parterre.job";
const INPUT = "parterre.job.input";

export interface KeptJob {
  readonly id: string;
  /** The last event that was seen. */
  readonly sequence: number;
  readonly input: GenerateInput | null;
}

/** The one that was kept; null for none. */
export function keptJob(): KeptJob | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(PLACE) ?? "null");
    if (typeof kept !== "object" || kept === null) return null;
    const { id, sequence } = kept as Partial<KeptJob>;
    if (typeof id !== "string" || typeof sequence !== "number") return null;
    return { id, sequence, input: JSON.parse(localStorage.getItem(INPUT) ?? "null") as GenerateInput | null };
  } catch {
    return null; // written by hand, or storage is off
  }
}

/** Keeps which generation is watched, and how far. */
export function keepJob(id: string, sequence: number): void {
  put(PLACE, { id, sequence });
}

/** Keeps what it was asked for with. */
export function keepJobInput(input: GenerateInput | null): void {
  put(INPUT, input);
}

export function forgetJob(): void {
  try {
    localStorage.removeItem(PLACE);
    localStorage.removeItem(INPUT);
  } catch {
    // storage is off
  }
}

function put(place: string, value: unknown): void {
  try {
    localStorage.setItem(place, JSON.stringify(value));
  } catch {
    // full, or off: a reload will not find it
  }
}
