/** A subscriber that goes on with `after` wherever it lost its connection, and notes what it saw. */

import type { GraphqlClient } from "../../cli/graphql_client.ts";
import { isPassing } from "./jobs.ts";

const WATCH = `subscription ($id: ID!, $after: Int) {
  generationEvents(id: $id, after: $after) {
    __typename
    sequence
    ... on GenerationStatusEvent { status reason }
    ... on GenerationProgressEvent { step }
    ... on GenerationCompletedEvent { generation { status } }
  }
}`;

/** An event as it comes. */
export interface SeenEvent {
  readonly __typename: string;
  readonly sequence: number;
  readonly status?: string;
  readonly reason?: string | null;
  readonly step?: number;
  readonly generation?: { readonly status: string };
}

/** Who else is told. */
export interface Told {
  /** Of every connection that has brought something. */
  readonly connected?: () => void;
  /** Of every event of the log. */
  readonly seen?: (event: SeenEvent) => void;
}

/** What a subscriber saw until the generation's end. */
export interface Followed {
  /** Of all events, in the order in which they came. */
  readonly sequences: readonly number[];
  /** Of each event that told of the end. */
  readonly ends: readonly string[];
  /** How often a connection was lost, or ended before the generation did. */
  readonly reconnects: number;
}

/** Milliseconds between two connections. */
const AGAIN_MS = 250;

/**
 * Follows a generation from its first event to its end.
 * @throws what the server refuses for good, and on abort.
 */
export async function follow(
  client: GraphqlClient,
  id: string,
  signal: AbortSignal,
  { connected, seen }: Told = {},
): Promise<Followed> {
  const sequences: number[] = [];
  const ends: string[] = [];
  for (let connections = 1;; connections++) {
    try {
      let first = true;
      const variables = { id, after: sequences.at(-1) ?? 0 };
      for await (
        const { generationEvents: event } of client.subscribe<{ generationEvents: SeenEvent }>(WATCH, variables, {
          signal,
        })
      ) {
        if (first) connected?.();
        first = false;
        if (event.__typename === "GenerationSnapshotEvent") continue; // no event of the log
        sequences.push(event.sequence);
        seen?.(event);
        if (event.__typename === "GenerationCompletedEvent") ends.push(event.generation?.status ?? "");
      }
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
    if (ends.length > 0) return { sequences, ends, reconnects: connections - 1 };
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}
