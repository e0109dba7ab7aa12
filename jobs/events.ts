/** What happens to a generation, in order, and the log that keeps it and lets clients follow it. */

import type { GenerationError, GenerationStatus, RegionMask, TerminalStatus } from "./generation.ts";

/** A picture as the model imagines it after a step. */
export interface Preview {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** [height, width, 3], RGB, one byte each. */
  readonly pixels: Uint8Array;
  /** Which of several pictures it is of, from 0; absent where there is one. */
  readonly picture?: number;
}

/** What an event says. */
export type EventBody =
  | {
    readonly type: "STATUS";
    readonly status: GenerationStatus;
    /** Why, for a reader; null where the status says it all. */
    readonly reason: string | null;
  }
  | {
    readonly type: "PROGRESS";
    /** Completed steps, 0 to `steps`. */
    readonly step: number;
    readonly steps: number;
    /** Milliseconds until the picture is expected; null where nobody knows. */
    readonly etaMs: number | null;
  }
  | Preview & {
    readonly type: "PREVIEW";
    /** Completed steps that the preview shows. */
    readonly step: number;
    readonly steps: number;
  }
  | {
    /** Regions that are found by words have been found. */
    readonly type: "REGION_MASKS";
    readonly masks: readonly RegionMask[];
  }
  | {
    /** Always the last event. */
    readonly type: "COMPLETED";
    readonly status: TerminalStatus;
    readonly error: GenerationError | null;
  };

/** An event in a generation's log. */
export type GenerationEvent = EventBody & {
  /** 1, 2, 3, ... within the generation, without gaps when appended. */
  readonly sequence: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
};

/**
 * The events of every generation, durable, for reading: it is the queue that appends them, each with the change of the
 * record that it tells of. Previews are best effort: some time after their generation completed they
 * are deleted, and leave gaps in what is read; all other events stay.
 */
export interface EventLog {
  /**
   * The events with a sequence greater than `after`, oldest first; none if there is no such generation.
   * @param after 0 for all.
   * @param limit At most so many events; without it all.
   */
  read(id: string, after: number, limit?: number): Promise<GenerationEvent[]>;

  /** The sequence of the latest event, 0 if there is none. */
  latest(id: string): Promise<number>;

  /**
   * The events after `after`, those that are there and those to come, until the COMPLETED event has been delivered or
   * `signal` aborts.
   *
   * Nothing is kept for the follower: each event is taken from the log when it is asked for, so that a client which
   * stops reading costs nothing. Followers of one generation may share what was read. Ending the iteration early ends a pending wait.
   * @throws {UnknownGenerationError} on the first pull, if there is no such generation.
   */
  follow(id: string, after: number, signal: AbortSignal): AsyncIterable<GenerationEvent>;
}
