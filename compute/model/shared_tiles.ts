/**
 * Tiles of an autoencoder with group norms: what norms look at, the whole picture, is put together from all tiles, so that
 * a tile comes out as it would in the whole picture.
 *
 * The statistics of one norm depend on those before it. Tiles are run again with the statistics of the run before until
 * they do not change any more: after each run those of one more norm are exact at the least, in practice a few runs do.
 */

import { float, nth } from "../../elements.ts";
import { CORE_END, CORE_START, OWN_STATISTICS, type SharedNorm, TILE_SIZE } from "../graph/shared_norms.ts";
import type { Feed, Session } from "../runtime/runtime.ts";
import type { Tensor } from "../tensor.ts";
import type { Part } from "./tiles.ts";

/** How far statistics may still move, in deviations of what they are of. */
const SETTLED = 5e-4;

/** A tile in its picture's coarsest cells, and the part of it that no other tile has; all such parts are the picture. */
export interface Tile extends Part {
  readonly core: Part;
}

/** Mean and variance of one norm, group by group. */
interface Statistics {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** Cells that a tile sees around its core: convolutions of autoencoders with a factor of 8 see 7 of them. */
const SEEN_AROUND = 8;

/** Tiles of at most `size` cells along an edge, row by row; their cores lie `SEEN_AROUND` cells from its inner edges. */
export function tilesOf({ width, height }: { readonly width: number; readonly height: number }, size: number): Tile[] {
  const across = spans(width, size);
  return spans(height, size).flatMap((down) =>
    across.map((along) => ({
      x: along.start,
      y: down.start,
      width: along.length,
      height: down.length,
      core: { x: along.core, y: down.core, width: along.coreLength, height: down.coreLength },
    }))
  );
}

function spans(length: number, size: number) {
  const count = length <= size ? 1 : Math.ceil((length - 2 * SEEN_AROUND) / (size - 2 * SEEN_AROUND));
  return Array.from({ length: count }, (_, k) => {
    const core = Math.round(k * length / count), end = Math.round((k + 1) * length / count);
    const start = Math.max(0, core - SEEN_AROUND);
    return { start, length: Math.min(length, end + SEEN_AROUND) - start, core, coreLength: end - core };
  });
}

/** A half of an autoencoder whose norms were rewritten by {@link shareNorms}. */
export class SharedTiles {
  constructor(
    private readonly session: Session,
    private readonly norms: readonly SharedNorm[],
    /** Names of what a tile is fed as, and of what it gives. */
    private readonly names: { readonly input: string; readonly output: string },
  ) {}

  /**
   * Runs all tiles until their statistics are the picture's.
   * @param feed What a tile is.
   * @returns Runs a tile by them.
   */
  async settle(tiles: readonly Tile[], feed: (tile: Tile) => Tensor): Promise<(tile: Tile) => Promise<Tensor>> {
    let known: readonly Statistics[] | undefined;
    for (let run = 0; run <= this.norms.length; run++) {
      const found = await this.#statistics(tiles, feed, known);
      const moved = known === undefined ? Infinity : this.#distance(known, found);
      known = found;
      if (moved < SETTLED) break;
    }
    const { output } = this.names;
    return async (tile) => only(await this.session.run(this.#feeds(tile, feed(tile), known), [output]), output);
  }

  async #statistics(
    tiles: readonly Tile[],
    feed: (tile: Tile) => Tensor,
    known: readonly Statistics[] | undefined,
  ): Promise<readonly Statistics[]> {
    const fetches = this.norms.flatMap(({ coreMean, coreSquares }) => [coreMean, coreSquares]);
    const sums = this.norms.map(({ groups }) => ({
      mean: new Float64Array(groups),
      squares: new Float64Array(groups),
    }));
    const cells = tiles.reduce((sum, { core }) => sum + core.width * core.height, 0);
    for (const tile of tiles) {
      const share = tile.core.width * tile.core.height / cells;
      const outputs = await this.session.run(this.#feeds(tile, feed(tile), known), fetches);
      for (const [n, { groups, coreMean, coreSquares }] of this.norms.entries()) {
        const means = only(outputs, coreMean).data, squares = only(outputs, coreSquares).data;
        const sum = nth(sums, n);
        for (let g = 0; g < groups; g++) {
          const mean = float(means, g);
          const used = known === undefined ? mean : nth(known, n).mean[g] ?? 0;
          // E x^2 = E (x - m)^2 + 2 m E x - m^2
          sum.mean[g] = (sum.mean[g] ?? 0) + share * mean;
          sum.squares[g] = (sum.squares[g] ?? 0) + share * (float(squares, g) + 2 * used * mean - used * used);
        }
      }
    }
    return sums.map(({ mean, squares }) => ({
      mean,
      variance: squares.map((square, g) => Math.max(0, square - (mean[g] ?? 0) ** 2)),
    }));
  }

  #feeds(tile: Tile, data: Tensor, known: readonly Statistics[] | undefined): Readonly<Record<string, Feed>> {
    const { x, y, width, height, core } = tile;
    const pair = (rows: number, columns: number): Feed => ({ dims: [2], data: Int32Array.of(rows, columns) });
    const statistics = this.norms.flatMap(({ mean, scale, groups, epsilon }, n): [string, Feed][] => {
      const dims = [1, groups, 1];
      const found = known && nth(known, n);
      return [
        [mean, { dims, data: Float32Array.from(found?.mean ?? new Float64Array(groups)) }],
        [scale, {
          dims,
          data: Float32Array.from(found?.variance ?? new Float64Array(groups), (v) => 1 / Math.sqrt(v + epsilon)),
        }],
      ];
    });
    return {
      [this.names.input]: data,
      [TILE_SIZE]: pair(height, width),
      [CORE_START]: pair(core.y - y, core.x - x),
      [CORE_END]: pair(core.y - y + core.height, core.x - x + core.width),
      [OWN_STATISTICS]: { dims: [1], data: Float32Array.of(known === undefined ? 1 : 0) },
      ...Object.fromEntries(statistics),
    };
  }

  /** How far statistics moved, in deviations. */
  #distance(before: readonly Statistics[], after: readonly Statistics[]): number {
    let moved = 0;
    for (const [n, { mean, variance }] of after.entries()) {
      const { epsilon } = nth(this.norms, n);
      const old = nth(before, n);
      for (const [g, v] of variance.entries()) {
        const deviation = Math.sqrt(v + epsilon);
        const change = Math.abs((mean[g] ?? 0) - (old.mean[g] ?? 0));
        moved = Math.max(
          moved,
          change / deviation,
          Math.abs(Math.sqrt((old.variance[g] ?? 0) + epsilon) / deviation - 1),
        );
      }
    }
    return moved;
  }

  release(): Promise<void> {
    return this.session.release();
  }
}

function only(outputs: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const tensor = outputs.get(name);
  if (tensor === undefined) throw new Error(`The autoencoder gave no "${name}"`);
  return tensor;
}
