/** The painter's side of a shared picture: parts of a call are given away, and what is lost is computed here after all. */

import type { MaskImages } from "../../layout/masks/mask_image.ts";
import type { Tensor } from "../tensor.ts";
import { namedImages } from "./named_images.ts";
import type { Aides, SharedCall } from "./shared_calls.ts";

/** A call of which parts may be given away. */
export interface ExchangedCall {
  readonly call: number;
  /** As {@link SharedCall.sample}. */
  readonly sample: Tensor;
  /** How many numbers the prediction of each part has, in their order. */
  readonly sizes: readonly number[];
  /** Makes a part here. */
  readonly predict: (part: number) => Promise<Float32Array>;
}

/** Makes all parts of the calls of one pass, with the help of others. */
export interface PartExchange {
  /** The predictions of all parts, in their order. */
  predict(call: ExchangedCall): Promise<readonly Float32Array[]>;
}

/** Parts of one picture's calls, with those who take them. */
export class PartExchanges {
  #latest = -1;

  constructor(private readonly aides: Aides) {}

  /**
   * The exchange of a pass over the picture.
   * @param foundNow The images of the words that were found so far; null while they are looked for, which the painter does
   *   alone.
   */
  of(pass: SharedCall["pass"], foundNow: () => MaskImages | null): PartExchange {
    return { predict: (call) => this.#predict(pass, foundNow(), call) };
  }

  async #predict(
    pass: SharedCall["pass"],
    found: MaskImages | null,
    { call, sample, sizes, predict }: ExchangedCall,
  ): Promise<readonly Float32Array[]> {
    const id = ++this.#latest;
    const shared = { id, pass, call, sample, ...found !== null && found.size > 0 && { found: namedImages(found) } };
    const taken = found === null ? new Set() : await this.#share(shared, sizes.length);
    // Under way while this thread computes.
    const collecting = taken.size === 0 ? NOTHING : this.aides.collect(id);
    const own = new Map<number, Float32Array>();
    for (const part of sizes.keys()) if (!taken.has(part)) own.set(part, await predict(part));
    const others = await collecting;
    const all: Float32Array[] = [];
    for (const [part, size] of sizes.entries()) {
      const made = own.get(part) ?? others.get(part);
      all.push(isPrediction(made, size) ? made : await predict(part));
    }
    return all;
  }

  async #share(call: SharedCall, count: number): Promise<ReadonlySet<number>> {
    if (count < 2 || Atomics.load(this.aides.present, 0) === 0) return new Set();
    const taken = await this.aides.share(call, count);
    return new Set(taken.filter((part) => Number.isInteger(part) && part >= 0 && part < count));
  }
}

const NOTHING: ReadonlyMap<number, Float32Array> = new Map();

/** Whether it is what a part should be; it has come from another machine. */
function isPrediction(made: unknown, size: number): made is Float32Array {
  return made instanceof Float32Array && made.length === size;
}
