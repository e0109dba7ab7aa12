/**
 * Autoencoders with group norms and attention (`AutoencoderKL`) in two halves. What is done at the latents' resolution,
 * attention among it, sees the picture as a whole; what is done above that, which takes the memory, goes tile by tile with
 * norms that are shared. The result is that of the whole picture at once.
 */

import { cutAtLatents } from "../graph/cut_graph.ts";
import { encodeFolded } from "../graph/fold_constants.ts";
import type { OnnxFile } from "../graph/onnx_file.ts";
import { type SharedNorm, shareNorms } from "../graph/shared_norms.ts";
import { splitSelfAttention } from "../graph/split_self_attention.ts";
import type { Runtime, Session } from "../runtime/runtime.ts";
import { shapeOf, type Tensor } from "../tensor.ts";
import { crop } from "../windows.ts";
import { SharedTiles, type Tile, tilesOf } from "./shared_tiles.ts";
import type { Band, Part, PictureParts } from "./tiles.ts";

/** Parts that attention goes through its rows in: of 2048 x 2048 pixels, each takes 256 MiB. */
const ATTENTION_PARTS = 64;

/** The graphs of the halves. */
export interface HalfGraphs {
  /** At the latents' resolution. */
  readonly coarse: OnnxFile;
  /** Above it. */
  readonly fine: OnnxFile;
  readonly norms: readonly SharedNorm[];
  /** What one half hands to the other. */
  readonly tensor: string;
}

/** The halves of a graph, which is left as it is; undefined where it is not one that can be cut so. */
export function halvesOf(file: OnnxFile): HalfGraphs | undefined {
  const cut = cutAtLatents(file);
  if (cut === undefined) return undefined;
  const enlarges = cut.after.graph.node.some(({ opType }) => opType === "Resize");
  const [coarse, fine] = enlarges ? [cut.before, cut.after] : [cut.after, cut.before];
  const norms = shareNorms(fine);
  // Attention above the latents' resolution would see a tile.
  if (norms === undefined || fine.graph.node.some(({ opType }) => opType === "Softmax")) return undefined;
  splitSelfAttention(coarse, ATTENTION_PARTS);
  return { coarse, fine, norms, tensor: cut.tensor };
}

/** Both halves, loaded. */
export class AutoencoderHalves {
  private constructor(
    private readonly coarse: Session,
    private readonly fine: SharedTiles,
    private readonly factor: number,
  ) {}

  /** @param factor Pixels per cell, along each edge. */
  static async load(
    runtime: Runtime,
    { coarse, fine, norms, tensor }: HalfGraphs,
    factor: number,
  ): Promise<AutoencoderHalves> {
    const input = fine.graph.input[0]?.name ?? "", output = fine.graph.output[0]?.name ?? tensor;
    const first = await runtime.createSession(encodeFolded(coarse));
    const second = await runtime.createSession(encodeFolded(fine));
    return new AutoencoderHalves(first, new SharedTiles(second, norms, { input, output }), factor);
  }

  /**
   * Decodes.
   * @param latents [1, C, h, w] as the graph takes them.
   * @param size Of a tile, in cells.
   * @returns The rows of [1, 3, H, W], from the top to the bottom.
   */
  async *decode(latents: Tensor, size: number): AsyncGenerator<Band, void, undefined> {
    const whole = await this.#coarse(latents);
    const [, , height, width] = shapeOf(whole, 4);
    const tiles = tilesOf({ width, height }, size);
    const run = await this.fine.settle(tiles, (tile) => crop(whole, tile));
    for (const y of new Set(tiles.map(({ core }) => core.y))) {
      const row = tiles.filter(({ core }) => core.y === y);
      let band: Tensor | undefined;
      for (const tile of row) {
        const result = await run(tile);
        const [, channels] = shapeOf(result, 4);
        band ??= empty(channels, tile.core.height * this.factor, width * this.factor);
        paste(result, within(tile, this.factor), band, { x: tile.core.x * this.factor, y: 0 });
      }
      if (band !== undefined) yield { y: y * this.factor, rows: band };
    }
  }

  /**
   * Encodes.
   * @param size Of a tile, in cells.
   * @returns What the graph gives, [1, 2 C, h, w].
   */
  async encode(image: PictureParts, size: number): Promise<Tensor> {
    const width = image.width / this.factor, height = image.height / this.factor;
    const tiles = tilesOf({ width, height }, size);
    const run = await this.fine.settle(tiles, (tile) => image.part(scaled(tile, this.factor)));
    let whole: Tensor | undefined;
    for (const tile of tiles) {
      const result = await run(tile);
      const [, channels] = shapeOf(result, 4);
      whole ??= empty(channels, height, width);
      paste(result, within(tile, 1), whole, tile.core);
    }
    return await this.#coarse(whole ?? empty(0, 0, 0));
  }

  async #coarse(data: Tensor): Promise<Tensor> {
    const [input] = this.coarse.inputs;
    const [output] = (await this.coarse.run({ [input?.name ?? ""]: data })).values();
    if (output === undefined) throw new Error("The autoencoder gave no output");
    return output;
  }

  async release(): Promise<void> {
    await this.coarse.release();
    await this.fine.release();
  }
}

/** Where in what a tile gives its core is. */
function within({ x, y, core }: Tile, factor: number): Part {
  return scaled({ ...core, x: core.x - x, y: core.y - y }, factor);
}

function scaled({ x, y, width, height }: Part, by: number): Part {
  return { x: x * by, y: y * by, width: width * by, height: height * by };
}

function empty(channels: number, height: number, width: number): Tensor {
  return { dims: [1, channels, height, width], data: new Float32Array(channels * height * width) };
}

function paste(source: Tensor, from: Part, target: Tensor, { x, y }: { readonly x: number; readonly y: number }): void {
  const [, channels, rows, columns] = shapeOf(source, 4);
  const [, , height, width] = shapeOf(target, 4);
  for (let c = 0; c < channels; c++) {
    for (let row = 0; row < from.height; row++) {
      const start = (c * rows + from.y + row) * columns + from.x;
      target.data.set(source.data.subarray(start, start + from.width), (c * height + y + row) * width + x);
    }
  }
}
