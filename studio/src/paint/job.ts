/** The generation that this page paints or watches, as the page's rooms see it. */

import { signal } from "@preact/signals";
import type { GenerationFieldsFragment } from "../api/generated.ts";

/** A picture to show: of a preview, or the finished one. */
export interface Shown {
  readonly url: string;
  readonly width: number;
  readonly height: number;
}

/** The generation under way or the last one that was painted or opened; null before the first. */
export const job = signal<GenerationFieldsFragment | null>(null);

/** What the canvas shows under the outlines: the latest preview, then the picture; null for nothing. */
export const shown = signal<Shown | null>(null);
