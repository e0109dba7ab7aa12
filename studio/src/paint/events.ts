/** What a generation's events make of what the page knows of it. */

import type { GenerationEventsSubscription, GenerationFieldsFragment, GenerationStatus } from "../api/generated.ts";

export type GenerationEvent = GenerationEventsSubscription["generationEvents"];

/** What is known of a generation that is followed. */
export interface Followed {
  /** Null before the first snapshot. */
  readonly generation: GenerationFieldsFragment | null;
  /** The latest preview of the picture that is shown; null before the first, and after another attempt began. */
  readonly preview: { readonly url: string; readonly width: number; readonly height: number } | null;
  /** Which of several pictures that is, from 0; null before the first of its previews. */
  readonly picture: number | null;
  /** The others of which a preview has come since. */
  readonly others: readonly number[];
  /** Why it stands where it stands; null where its status says it all. */
  readonly reason: string | null;
}

/** Before anything is heard. */
export const UNHEARD: Followed = { generation: null, preview: null, picture: null, others: [], reason: null };

/** Whether nothing more will happen to a generation. */
export function isOver(status: GenerationStatus): boolean {
  return status !== "QUEUED" && status !== "RUNNING" && status !== "CANCELING";
}

/** What is known after an event. */
export function afterEvent(known: Followed, event: GenerationEvent): Followed {
  switch (event.__typename) {
    case "GenerationSnapshotEvent":
      return { ...known, generation: event.generation, preview: urlOf(event.latestPreview) ?? known.preview };
    case "GenerationStatusEvent":
      return { ...known, generation: withStatus(known.generation, event.status), reason: event.reason };
    case "GenerationProgressEvent": {
      const { step, steps, etaSeconds } = event;
      return { ...known, generation: known.generation && { ...known.generation, step, steps, etaSeconds } };
    }
    case "GenerationPreviewEvent":
      return withPreview(known, event);
    case "GenerationRegionMasksEvent":
      return { ...known, generation: known.generation && { ...known.generation, regionMasks: event.masks } };
    case "GenerationCompletedEvent":
      return { ...known, generation: event.generation };
  }
}

/** Several workers may paint several pictures at once: one is shown until another's previews come without its own between. */
function withPreview(
  known: Followed,
  { picture, image }: Extract<GenerationEvent, { __typename: "GenerationPreviewEvent" }>,
): Followed {
  const shown = known.picture === null || known.picture === picture || known.others.includes(picture);
  if (!shown) return { ...known, others: [...known.others, picture] };
  return { ...known, preview: urlOf(image) ?? known.preview, picture, others: [] };
}

function withStatus(
  generation: GenerationFieldsFragment | null,
  status: GenerationStatus,
): GenerationFieldsFragment | null {
  if (generation === null || generation.status === status) return generation;
  // Its end is told by the completed generation, and may be known by a snapshot before earlier events come.
  if (isOver(status) || isOver(generation.status)) return generation;
  return status === "QUEUED"
    ? { ...generation, status, step: 0, etaSeconds: null, regionMasks: [] }
    : { ...generation, status, queuePosition: null };
}

function urlOf(image: { readonly url: string | null; readonly width: number; readonly height: number } | null) {
  return image?.url ? { url: image.url, width: image.width, height: image.height } : null;
}
