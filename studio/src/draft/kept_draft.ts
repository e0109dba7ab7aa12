/** The draft across reloads, in this browser alone. */

import type { Draft } from "./draft.ts";

const PLACE = "parterre.draft";

/** What was kept; undefined if there is nothing that can be read. */
export function keptDraft(): Draft | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(PLACE) ?? "null");
    return isDraft(kept) ? kept : undefined;
  } catch {
    return undefined; // written by hand, or storage is off
  }
}

/** Keeps it. Where the browser keeps nothing, the page goes on without. */
export function keepDraft(draft: Draft): void {
  try {
    localStorage.setItem(PLACE, JSON.stringify(draft));
  } catch {
    // full, or off
  }
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== "object" || value === null) return false;
  const { layout, settings } = value as Partial<Draft>;
  return typeof settings === "object" && settings !== null && Array.isArray(layout?.regions);
}
