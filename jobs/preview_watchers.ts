/** Who watches which previews, so that those which cost a decoding are made for somebody. */

import { allStepsTaken } from "../compute/pipeline/second_request.ts";
import type { GenerationRequest } from "./request.ts";

/** Whether a subscriber to every so many previews gets that of a step; the last step's always; 0 for none. */
export function takesPreview(every: number, step: number, steps: number): boolean {
  return every > 0 && (step % every === 0 || step === steps);
}

/** A generation while it is painted. */
export interface PaintedPreviews extends Disposable {
  /**
   * By step, from 1: 1 where somebody wants the preview, else 0. Shared memory, because who paints is another thread that
   * takes no messages meanwhile.
   */
  readonly wanted: Int32Array<SharedArrayBuffer>;
  /** How many of the previews after a step are wanted, as things stand. */
  wantedAfter(step: number): number;
}

/**
 * The subscribers to previews, for the worker loop in the same process.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { PreviewWatchers } from "./preview_watchers.ts";
 *
 * const watchers = new PreviewWatchers();
 * using painted = watchers.paint("a generation", { steps: 5, previews: "autoencoder" });
 * const stop = watchers.watch("a generation", 2); // every second preview, and the last
 * assert.deepEqual([...painted.wanted.subarray(1)], [0, 1, 0, 1, 1]);
 * stop();
 * assert.equal(painted.wantedAfter(0), 0);
 * ```
 */
export class PreviewWatchers {
  /** By generation: how many subscribers take every so many. */
  readonly #watching = new Map<string, Map<number, number>>();
  readonly #painting = new Map<string, Int32Array<SharedArrayBuffer>>();

  /**
   * A generation's previews are watched, every so many of them, from now on.
   * @returns Ends it.
   */
  watch(id: string, every: number): () => void {
    const counts = this.#watching.get(id) ?? new Map<number, number>();
    this.#watching.set(id, counts);
    counts.set(every, (counts.get(every) ?? 0) + 1);
    this.#mark(id);
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      const left = (counts.get(every) ?? 0) - 1;
      if (left > 0) counts.set(every, left);
      else counts.delete(every);
      if (counts.size === 0) this.#watching.delete(id);
      this.#mark(id);
    };
  }

  /**
   * The same events. Who reads them watches every so many previews, from the first pull until there are no more or the
   * reader leaves.
   */
  whileReading<T>(
    events: AsyncIterable<T>,
    { id, request }: { readonly id: string; readonly request: Pick<GenerationRequest, "previews"> },
    every: number,
  ): AsyncIterator<T> {
    const source = events[Symbol.asyncIterator]();
    return request.previews === "linear" || every === 0 ? source : new Watching(source, () => this.watch(id, every));
  }

  /** A generation is painted from now on, until the result is disposed of. Linear previews are wanted at every step. */
  paint(
    id: string,
    request: Pick<GenerationRequest, "steps" | "init" | "secondPass" | "previews">,
  ): PaintedPreviews {
    const wanted = new Int32Array(new SharedArrayBuffer(4 * (allStepsTaken(request) + 1)));
    if (request.previews === "linear") wanted.fill(1);
    else this.#painting.set(id, wanted);
    this.#mark(id);
    return {
      wanted,
      wantedAfter: (step) => wanted.subarray(step + 1).reduce((sum, flag) => sum + flag, 0),
      [Symbol.dispose]: () => {
        if (this.#painting.get(id) === wanted) this.#painting.delete(id);
      },
    };
  }

  #mark(id: string): void {
    const wanted = this.#painting.get(id);
    if (wanted === undefined) return;
    const steps = wanted.length - 1;
    const choices = [...this.#watching.get(id)?.keys() ?? []];
    for (let step = 1; step <= steps; step++) {
      Atomics.store(wanted, step, choices.some((every) => takesPreview(every, step, steps)) ? 1 : 0);
    }
  }
}

class Watching<T> implements AsyncIterator<T> {
  #stop: (() => void) | undefined;
  #over = false;

  constructor(private readonly source: AsyncIterator<T>, private readonly watch: () => () => void) {}

  async next(): Promise<IteratorResult<T>> {
    if (!this.#over) this.#stop ??= this.watch();
    try {
      const result = await this.source.next();
      if (result.done === true) this.#end();
      return result;
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  async return(): Promise<IteratorResult<T>> {
    this.#end();
    await this.source.return?.();
    return { done: true, value: undefined };
  }

  #end(): void {
    this.#over = true;
    this.#stop?.();
  }
}
