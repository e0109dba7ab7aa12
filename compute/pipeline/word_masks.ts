/**
 * From attention to masks: how regions that are described by words get their place.
 *
 *     H(y, x) = sum over the calls and levels of U_l(A_l(y, x))     A_l as in `graph/word_attention.ts`
 *     M(y, x) = 1 where H - min H >= threshold (max H - min H), else 0
 *
 * U_l stretches a level's grid over the latent one, bilinearly between the centres of cells; a picture by windows has the
 * sum of what they see, each by its share. To add up heads, layers and
 * steps and to cut the sum at a share of its range is the way of "What the DAAM" (arXiv:2210.04885), which cuts at a
 * share of the largest value, lets all steps and levels count and stretches bicubically.
 */

import { nth } from "../../elements.ts";
import type { MaskImage } from "../../layout/masks/mask_image.ts";
import type { Tensor } from "../tensor.ts";
import { addWindow, type Window } from "../windows.ts";

/** A grid of one number per cell, row-major. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** The finest and coarsest grids that count, in cells along an edge at the model's native size. */
const FINEST = 32, COARSEST = 12;

/**
 * The levels whose attention shows shapes: grids of 12 to 32 cells at the native size. Coarser ones say what is in the
 * picture, not where; finer ones draw textures. Where there is none, the level nearest to them.
 * @param levels Those with cross-attention, ascending; at least one.
 * @param native Cells of the latent grid along an edge, at the model's native size.
 */
export function shapeLevels(levels: readonly number[], native: number): readonly number[] {
  const cells = (level: number) => Math.ceil(native / 2 ** level);
  const fitting = levels.filter((level) => cells(level) >= COARSEST && cells(level) <= FINEST);
  if (fitting.length > 0) return fitting;
  const away = (level: number) => Math.max(COARSEST - cells(level), cells(level) - FINEST);
  return levels.toSorted((a, b) => away(a) - away(b) || a - b).slice(0, 1);
}

/** Attention to some words, added up over calls. */
export class WordHeat {
  readonly #sums: readonly Float32Array[];

  /** @param size Latent cells. */
  constructor(words: number, private readonly size: Pick<Grid, "width" | "height">) {
    this.#sums = Array.from({ length: words }, () => new Float32Array(size.width * size.height));
  }

  /** By word, what was added up so far. The arrays are the heat's own, and change with it. */
  get sums(): readonly Float32Array[] {
    return this.#sums;
  }

  /**
   * Adds one call's attention in a window, by the window's share of each cell.
   * @param attention By level [N, W]; N = ceil(height / 2^level) * ceil(width / 2^level) of the window.
   */
  add(attention: ReadonlyMap<number, Tensor>, window: Window): void {
    for (const [level, { data, dims: [, words = 0] }] of attention) {
      const height = Math.ceil(window.height / 2 ** level), width = Math.ceil(window.width / 2 ** level);
      this.#sums.forEach((sum, w) => {
        const own = Float32Array.from({ length: height * width }, (_, i) => data[i * words + w] ?? 0);
        addWindow(sum, stretch({ width, height, data: own }, window), window, this.size, null);
      });
    }
  }

  /** Where a word is: white where it is covered, black elsewhere; nowhere if all places look at it alike. */
  mask(word: number, threshold: number): MaskImage {
    const heat = nth(this.#sums, word);
    let least = Infinity, most = -Infinity;
    for (const value of heat) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    const range = most - least;
    const data = new Uint8Array(heat.length * 4);
    heat.forEach((value, i) => {
      const covered = range > 0 && value - least >= threshold * range ? 255 : 0;
      data.fill(covered, i * 4, i * 4 + 3);
      data[i * 4 + 3] = 255;
    });
    return { ...this.size, data };
  }
}

/** Bilinear between the centres of cells; beyond the outermost centres their values. */
export function stretch(grid: Grid, { width, height }: Pick<Grid, "width" | "height">): Float32Array {
  const columns = taps(grid.width, width), lines = taps(grid.height, height);
  const out = new Float32Array(width * height);
  lines.forEach(({ at: y, next: below, share: down }, j) => {
    columns.forEach(({ at: x, next: right, share: across }, i) => {
      const value = (line: number) => {
        const row = line * grid.width;
        return (1 - across) * (grid.data[row + x] ?? 0) + across * (grid.data[row + right] ?? 0);
      };
      out[j * width + i] = (1 - down) * value(y) + down * value(below);
    });
  });
  return out;
}

interface Tap {
  readonly at: number;
  readonly next: number;
  readonly share: number;
}

function taps(from: number, to: number): readonly Tap[] {
  return Array.from({ length: to }, (_, i) => {
    const centre = Math.min(from - 1, Math.max(0, (i + 0.5) * from / to - 0.5));
    const at = Math.floor(centre);
    return { at, next: Math.min(from - 1, at + 1), share: centre - at };
  });
}
