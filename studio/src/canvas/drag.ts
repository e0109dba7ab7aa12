/** The end of a drag: what was seen becomes the draft, in one step of undo, or is forgotten. */

import { batch } from "@preact/signals";
import { editLayout } from "../draft/store.ts";
import { keepMoved } from "./moved_masks.ts";
import { dragged, drawnBox, guides } from "./tool.ts";

/** Takes the dragged layout as the draft's. */
export function drop(): void {
  const layout = dragged.peek();
  batch(() => {
    forget();
    if (layout !== null) editLayout(() => layout);
  });
  keepMoved();
}

/** Leaves the draft as it was before the drag. */
export function forget(): void {
  batch(() => {
    dragged.value = null;
    drawnBox.value = null;
    guides.value = { x: [], y: [] };
  });
}
