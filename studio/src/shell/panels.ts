/** Which panel is open beside the canvas. */

import { signal } from "@preact/signals";
import { selection } from "../draft/store.ts";

export const PANELS = ["region", "picture", "layouts", "open", "take-away"] as const;
export type Panel = (typeof PANELS)[number];

/** The one that is shown. */
export const panel = signal<Panel>("region");

/** Shows what is said of regions whenever some are selected; called once, by the page. */
export function followSelection(): void {
  selection.subscribe((keys) => {
    if (keys.length > 0) panel.value = "region";
  });
}
