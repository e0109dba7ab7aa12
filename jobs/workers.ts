/** The workers that there are, for operators: what each says of itself. */

import type { ProviderName } from "../compute/runtime/runtime.ts";

/** A model of a worker's. */
export interface WorkerModel {
  readonly name: string;
  /** Whether it is in memory; else it loads on its first use. */
  readonly loaded: boolean;
  /** Milliseconds that one prediction takes for each million of pixels; null until one was measured. */
  readonly predictionMsPerMegapixel: number | null;
}

/** What a worker paints. */
export interface Painting {
  readonly generationId: string;
  /** Completed steps. */
  readonly step: number;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** What a worker says of itself. */
export interface WorkerReport {
  readonly id: string;
  /** Parterre's. */
  readonly version: string;
  /** What computes, and with how many threads. */
  readonly provider: ProviderName;
  readonly threads: number;
  /** Engine and version. */
  readonly engine: string;
  /** Names those that compute alike, and so may help each other with a picture; null: it paints alone. */
  readonly kind: string | null;
  /** Bytes that its models may take together. */
  readonly memoryBudget: number;
  /** Bytes that its process takes. */
  readonly memoryUsed: number;
  /** Those that it can paint with, by name. */
  readonly models: readonly WorkerModel[];
  /** Null while it waits. */
  readonly painting: Painting | null;
  /** The id of the generation that it helps another worker with, while it waits for one of its own; else null. */
  readonly aiding: string | null;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** When it said so, in milliseconds since the epoch. */
  readonly at: number;
}

/**
 * How many workers could begin a model's picture together now: those with the model in memory that wait, of the kind that
 * has the most of them. 0 where all are busy.
 */
export function readyTogether(workers: readonly WorkerReport[], model: string): number {
  const ready = workers.filter(({ painting, models }) =>
    painting === null && models.some(({ name, loaded }) => loaded && name === model)
  );
  const kinds = Map.groupBy(ready, ({ id, kind }) => kind ?? `alone ${id}`);
  return Math.max(0, ...[...kinds.values()].map(({ length }) => length));
}

/** Knows the workers. */
export interface Roster {
  /** Those that have said something of late, by id. */
  list(): Promise<readonly WorkerReport[]>;
}
