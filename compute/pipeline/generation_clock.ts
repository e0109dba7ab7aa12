/** Where a generation's time goes. */

import type { GenerationTiming } from "./generation_output.ts";

/** Counts the milliseconds since it was last asked to one part of a generation or another. */
export class GenerationClock {
  readonly #timing: { -readonly [Part in keyof GenerationTiming]: number };
  #since = performance.now();

  /** @param earlier What the generation has taken before; null for nothing. */
  constructor(earlier: GenerationTiming | null) {
    this.#timing = { ...earlier ?? { loadMs: 0, encodeMs: 0, denoiseMs: 0, decodeMs: 0 } };
  }

  /** What has been counted so far: a copy. */
  get timing(): GenerationTiming {
    return { ...this.#timing };
  }

  /** Milliseconds since the last lap, or since what was counted last. They are counted to no part. */
  lap(): number {
    const now = performance.now();
    const elapsed = now - this.#since;
    this.#since = now;
    return elapsed;
  }

  /** Counts the time since the last lap, or so many milliseconds. */
  count(part: keyof GenerationTiming, elapsed: number = this.lap()): void {
    this.#timing[part] += elapsed;
  }

  /** Waits for a part of the model, which counts as loading; what went before was for encoding. */
  async loading<T>(part: Promise<T>): Promise<T> {
    this.count("encodeMs");
    const loaded = await part;
    this.count("loadMs");
    return loaded;
  }
}
