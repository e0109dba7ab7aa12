/** The draft across reloads, in this browser alone. */

import { signal } from "@preact/signals";
import { keep, kept } from "../shell/keep.ts";
import type { Draft } from "./draft.ts";
import { readDraft } from "./read_draft.ts";

const PLACE = "parterre.draft";

/** Where a tab keeps its own, once another tab keeps another in that place. */
const OWN = "parterre.draft.tab";

/** Where a draft is put that cannot be read: the next one takes its place. */
const ASIDE = "parterre.draft.unreadable";

/** What was found in the place of a draft, now or earlier, and is none that this page reads; null for nothing. */
export const unreadableDraft = signal(kept(ASIDE));

/** Whether the draft as it stands is there after a reload. */
export const draftIsKept = signal(true);

/** Whether no other tab keeps a draft in that place. */
let isAlone = kept(OWN, "sessionStorage") === null;
/** The draft of this tab as it was kept last. */
let latest: string | null = null;
/** What was there when the page was loaded. */
let found: string | null = null;

addEventListener("storage", ({ key, newValue }) => {
  // The page that was here before a reload is told of late, and is no other tab.
  if (key !== PLACE || newValue === found || newValue === latest) return;
  isAlone = false;
  keep(OWN, latest, "sessionStorage");
});

/** What was kept, by this tab where it is not alone; undefined if there is nothing that can be read. */
export function keptDraft(): Draft | undefined {
  found = kept(PLACE);
  const text = kept(OWN, "sessionStorage") ?? found;
  if (text === null) return undefined;
  const draft = parsedDraft(text);
  if (draft === undefined) {
    keep(ASIDE, text);
    unreadableDraft.value = text;
  }
  return draft;
}

/** Keeps it. Where the browser keeps nothing, or not so much, the page goes on without, and says so. */
export function keepDraft(draft: Draft): void {
  latest = JSON.stringify(draft);
  draftIsKept.value = keep(PLACE, latest);
  if (!isAlone) keep(OWN, latest, "sessionStorage");
}

/** Lets go of the draft that cannot be read. */
export function forgetUnreadableDraft(): void {
  keep(ASIDE, null);
  unreadableDraft.value = null;
}

function parsedDraft(text: string): Draft | undefined {
  try {
    return readDraft(JSON.parse(text));
  } catch {
    return undefined; // written by hand
  }
}
