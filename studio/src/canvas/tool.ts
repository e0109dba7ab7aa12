/** What a press on the canvas does, and what the canvas shows beside the regions. */

import { computed, signal } from "@preact/signals";
import { draft } from "../draft/store.ts";
import type { DraftLayout } from "../draft/draft.ts";
import type { Box, Point } from "../draft/geometry.ts";
import { stacking } from "../draft/arrange.ts";
import { cellsOf, placesOf } from "../draft/places.ts";

export type Tool = "select" | "rectangle" | "ellipse" | "polygon" | "brush";

export const tool = signal<Tool>("select");

/** The brush: its width as a fraction of the picture's short edge, and whether it takes away. */
export const brush = signal<{ readonly width: number; readonly erases: boolean }>({ width: 0.15, erases: false });

/** Whether regions are drawn over the picture. */
export const outlines = signal(true);

/** Whether the next press adds to the selection, for those without a Shift key. */
export const selectsSeveral = signal(false);

/** The layout while something is dragged; null at rest. Once the drag ends it becomes the draft in one step. */
export const dragged = signal<DraftLayout | null>(null);

/** The layout as it is to be seen. */
export const seen = computed(() => dragged.value ?? draft.value.layout);

/** What the drawing of a layout needs to know of it. */
export const seenPlaces = computed(() => ({
  layout: seen.value,
  places: placesOf(seen.value),
  cells: cellsOf(seen.value),
  /** Indexes of regions, those in front last. */
  order: stacking(seen.value),
}));

/** Lines that the dragged edges have snapped to, in fractions of the canvas. */
export const guides = signal<{ readonly x: readonly number[]; readonly y: readonly number[] }>({ x: [], y: [] });

/** The box that a drag draws: of a new shape, or around what is to be selected. */
export const drawnBox = signal<{ readonly box: Box; readonly kind: "rectangle" | "ellipse" | "selection" } | null>(
  null,
);

/** The corners of a polygon that is not closed yet, and where the next one would be. */
export const corners = signal<{ readonly points: readonly Point[]; readonly next: Point | null } | null>(null);

/** What is said below the canvas, and read out. */
export const note = signal("");

/** The region whose name is being edited; null for none. */
export const renaming = signal<string | null>(null);

/** Whether the list of keys is open. */
export const helpOpen = signal(false);
