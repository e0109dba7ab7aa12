/** Which panel is open beside the canvas. */

import { signal } from "@preact/signals";

export const PANELS = ["region", "picture", "layouts", "open", "take-away"] as const;
export type Panel = (typeof PANELS)[number];

/** The one that is shown. */
export const panel = signal<Panel>("region");
