/** Noise of which every region may have its own: a new seed for one region repaints that region alone. */

import { float, nth } from "../../elements.ts";
import type { WeightMaps } from "../../layout/weights/weight_maps.ts";
import { NormalNoise } from "./normal_noise.ts";
import type { Variation } from "./request.ts";
import { turned } from "./variation.ts";

/** A seed and how much of each latent cell [h, w] is its, 0 to 1. */
export interface SeedShare {
  readonly seed: number;
  readonly shares: Float32Array;
}

/** What the noise is made of. */
export interface RegionNoiseOptions {
  /** The generation's seed: that of the base, and of every region without its own. */
  readonly seed: number;
  /** One per region; null for the generation's. */
  readonly regionSeeds: readonly (number | null)[];
  /** Numbers per draw: channels times latent cells. */
  readonly count: number;
  /** Seeds that take over cells, one after the other, whatever the weight maps say. Default: none. */
  readonly takeovers?: readonly SeedShare[];
  /** What the generation's own noise of the start is turned towards, with the size of that noise in latent cells. */
  readonly variation?: Variation & { readonly height: number; readonly width: number };
}

/**
 * Unit-normal noise, mixed by cell from one stream per seed:
 *
 *     n = sum_s w_s n_s / sqrt(sum_s w_s^2)      w_s = sum of W_r over the regions r of seed s
 *
 * The n_s are independent, so that the variance is sum w_s^2 / sum w_s^2 = 1 in every cell; a weighted mean alone would
 * flatten the noise where regions meet. A seed that takes over a share m of a cell leaves the others (1 - m) w_s. A cell of a single seed has that seed's noise, bit for bit. All streams advance
 * with every draw: what one seed gives depends neither on the other seeds nor on where its regions lie.
 */
export class RegionNoise {
  /** By stream, the generation's own first. */
  readonly #streams: readonly NormalNoise[];
  /** By weight map, the base's first: the stream it takes from. */
  readonly #streamOf: readonly number[];
  /** By takeover. */
  readonly #takeovers: readonly { readonly stream: number; readonly shares: Float32Array }[];
  /** Of the variation's seed. */
  readonly #varied: NormalNoise | undefined;
  #drawn = 0;

  constructor(private readonly options: RegionNoiseOptions) {
    const seeds = [options.seed, ...options.regionSeeds.map((seed) => seed ?? options.seed)];
    const { takeovers = [] } = options;
    const distinct = [...new Set([...seeds, ...takeovers.map(({ seed }) => seed)])];
    this.#streams = distinct.map((seed) => new NormalNoise(seed));
    this.#streamOf = seeds.map((seed) => distinct.indexOf(seed));
    this.#takeovers = takeovers.map(({ seed, shares }) => ({ stream: distinct.indexOf(seed), shares }));
    this.#varied = options.variation && new NormalNoise(options.variation.seed);
  }

  /** How often it was drawn from. */
  get drawn(): number {
    return this.#drawn;
  }

  /**
   * Leaves out draws, so that so many have been made or left out.
   * @throws {RangeError} if more were made already.
   */
  skipTo(drawn: number): void {
    if (drawn < this.#drawn) throw new RangeError(`Cannot go back from draw ${this.#drawn} to ${drawn}`);
    for (; this.#drawn < drawn; this.#drawn++) {
      for (const stream of [...this.#streams, this.#varied]) stream?.skip(this.options.count);
    }
  }

  /**
   * The next noise, [C, h, w].
   * @param maps Where each seed counts: the weight maps at which the noise is drawn. Null: the generation's everywhere.
   */
  draw(maps: WeightMaps | null): Float32Array {
    this.#drawn++;
    this.#varied?.draw(this.options.count);
    return this.#mixed(this.#streams.map((stream) => stream.draw(this.options.count)), maps);
  }

  /**
   * The next noise, for the start: that of the generation's own seed is turned towards what the variation's seed gives at
   * this draw. Regions with seeds of their own keep theirs.
   */
  drawStart(maps: WeightMaps | null): Float32Array {
    const { variation, count } = this.options;
    this.#drawn++;
    const drawn = this.#streams.map((stream) => stream.draw(count));
    const [own, ...others] = drawn;
    const towards = this.#varied?.draw(count);
    if (variation === undefined || own === undefined || towards === undefined) return this.#mixed(drawn, maps);
    return this.#mixed([turned(own, towards, variation.strength, variation), ...others], maps);
  }

  #mixed(drawn: readonly Float32Array[], maps: WeightMaps | null): Float32Array {
    const own = nth(drawn, 0);
    if (maps === null || drawn.length === 1) return own;
    const weights = this.#weights(maps);
    const cells = maps.width * maps.height;
    return own.map((_, i) => mix(drawn, weights, i, i % cells));
  }

  /** w_s, [streams][cells]. */
  #weights(maps: WeightMaps): readonly Float32Array[] {
    const cells = maps.width * maps.height;
    const weights = this.#streams.map(() => new Float32Array(cells));
    for (let r = 0; r < maps.count; r++) {
      const sum = nth(weights, nth(this.#streamOf, r));
      for (let cell = 0; cell < cells; cell++) sum[cell] = float(sum, cell) + float(maps.data, r * cells + cell);
    }
    for (const { stream, shares } of this.#takeovers) {
      weights.forEach((own, s) => {
        for (let cell = 0; cell < cells; cell++) {
          const share = float(shares, cell);
          own[cell] = (1 - share) * float(own, cell) + (s === stream ? share : 0);
        }
      });
    }
    return weights;
  }
}

/**
 * One number of the mixture. Exact where a single stream counts: products of two float32 numbers fit a float64, so that
 * neither the root of w * w nor w * n / w is rounded.
 */
function mix(drawn: readonly Float32Array[], weights: readonly Float32Array[], i: number, cell: number): number {
  let sum = 0, squares = 0;
  for (let s = 0; s < drawn.length; s++) {
    const weight = float(nth(weights, s), cell);
    sum += weight * float(nth(drawn, s), i);
    squares += weight * weight;
  }
  return sum / Math.sqrt(squares);
}
