/** The draft across reloads, in this browser alone. */

import { keep, kept } from "../shell/keep.ts";
import type { Draft } from "./draft.ts";
import { readDraft } from "./read_draft.ts";

const PLACE = "parterre.draft";

/** What was kept; undefined if there is nothing that can be read. */
export function keptDraft(): Draft | undefined {
  try {
    return readDraft(JSON.parse(kept(PLACE) ?? "null"));
  } catch {
    return undefined; // written by hand
  }
}

/** Keeps it. Where the browser keeps nothing, the page goes on without. */
export function keepDraft(draft: Draft): void {
  keep(PLACE, JSON.stringify(draft));
}
