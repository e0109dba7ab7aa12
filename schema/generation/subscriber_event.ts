/** What subscribers of a generation get. */

import type { ImageFormat } from "../../image/format.ts";
import type { GenerationEvent as LoggedEvent } from "../../jobs/events.ts";
import type { Generation as GenerationRecord } from "../../jobs/generation.ts";

/** The previews that a subscriber chose. */
export interface PreviewChoice {
  /** Every so many steps, and always the last; 0 for none. */
  readonly every: number;
  /** Longest edge in pixels. */
  readonly maxEdge: number;
  readonly format: ImageFormat;
}

/** An event as subscribers get it: the logged one, or a snapshot of everything before. */
export type SubscriberEvent =
  & {
    readonly generationId: string;
    readonly preview: PreviewChoice;
    /** The event of the log, which all subscribers share; null for a snapshot. */
    readonly logged: LoggedEvent | null;
  }
  & (
    | Exclude<LoggedEvent, Completed>
    | Snapshot
    | Completed & { readonly completed: () => Promise<GenerationRecord | null> }
  );

/** The events of one subscription. */
export interface SubscriberEvents extends AsyncIterableIterator<SubscriberEvent, undefined> {
  /** The events after a sequence, without a snapshot, for this subscriber or another one with the same choice. */
  from(sequence: number): AsyncIterableIterator<SubscriberEvent, undefined>;
}

type Completed = Extract<LoggedEvent, { type: "COMPLETED" }>;

interface Snapshot {
  readonly type: "SNAPSHOT";
  readonly sequence: number;
  readonly at: number;
  readonly generation: GenerationRecord;
  /** The latest preview that there is. */
  readonly latest: Extract<LoggedEvent, { type: "PREVIEW" }> | null;
}
