/** From prompt to prompt: what each region shows is said in one go. */

import { draft, endGroup, selection } from "../draft/store.ts";

/** Shows a region's panel and puts the cursor into its prompt. */
export function writePrompt(key: string): void {
  selection.value = [key];
  const index = draft.peek().layout.regions.findIndex((region) => region.key === key);
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>(`[data-path="layout.regions.${index}.prompt"] textarea`)?.focus()
  );
}

/** Goes on to the prompt of the next region in the list; behind the last one to the button that paints. */
export function writeNext(key: string): void {
  endGroup();
  const { regions } = draft.peek().layout;
  const next = regions[regions.findIndex((region) => region.key === key) + 1];
  if (next !== undefined) writePrompt(next.key);
  else document.getElementById("paint")?.focus();
}
