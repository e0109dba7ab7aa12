/** The generation that this page paints or watches, as the page's rooms see it. */

import { computed, signal } from "@preact/signals";
import type { GenerateInput, GenerationFieldsFragment } from "../api/generated.ts";
import { isOver } from "./events.ts";

/** A picture to show: of a preview, or the finished one. */
export interface Shown {
  readonly url: string;
  readonly width: number;
  readonly height: number;
}

/** A generation and what it was asked for with; the input is null where this page does not know it. */
export interface Painted {
  readonly generation: GenerationFieldsFragment;
  readonly input: GenerateInput | null;
}

/** The generation under way or the last one that was painted or opened; null before the first. */
export const job = signal<GenerationFieldsFragment | null>(null);

/** What {@link job} was asked for with; null where this page does not know it. */
export const jobInput = signal<GenerateInput | null>(null);

/** What the canvas shows under the outlines: the latest preview, then the picture; null for nothing. */
export const shown = signal<Shown | null>(null);

/** Why the job stands where it stands, as the server says; null where its status says it all. */
export const reason = signal<string | null>(null);

/** Whether the job's events arrive. */
export const connection = signal<"none" | "live" | "lost">("none");

/** Finished pictures that this page showed before, the latest last. */
export const earlier = signal<readonly Painted[]>([]);

/** Whether the job waits or is being painted. */
export const busy = computed(() => job.value !== null && !isOver(job.value.status));

/** How many pictures can be gone back to. */
const KEPT = 20;

/** Puts a generation in the job's place; the picture that was there can be gone back to. */
export function show({ generation, input }: Painted): void {
  const was = job.value;
  if (was !== null && was.id !== generation.id && was.status === "SUCCEEDED") {
    earlier.value = [...earlier.value, { generation: was, input: jobInput.value }].slice(-KEPT);
  }
  job.value = generation;
  jobInput.value = input;
  reason.value = null;
  const picture = pictureOf(generation);
  if (picture !== null) shown.value = picture;
}

/** Shows the picture before this one again. */
export function goBack(): void {
  const last = earlier.value.at(-1);
  if (last === undefined) return;
  earlier.value = earlier.value.slice(0, -1);
  job.value = last.generation;
  jobInput.value = last.input;
  reason.value = null;
  shown.value = pictureOf(last.generation);
}

/** The finished picture of a generation; null without one. */
export function pictureOf({ image }: Pick<GenerationFieldsFragment, "image">): Shown | null {
  return image?.url ? { url: image.url, width: image.width, height: image.height } : null;
}
