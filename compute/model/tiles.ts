/**
 * Tiles of an autoencoder: what is larger than one tile is decoded and encoded tile by tile, so that the memory that it
 * takes does not grow with the picture.
 *
 * Convolutions see the same in a tile as in the whole picture but near its edges, which count least where tiles overlap.
 * What looks at all of a picture, the group norms and the attention of `AutoencoderKL`, would see the tile instead: see
 * autoencoder_halves.ts.
 */

import type { OnnxFile } from "../graph/onnx_file.ts";
import { shapeOf, type Tensor } from "../tensor.ts";
import { addWindow, crop, type Window, type WindowGrid, windowsOf } from "../windows.ts";

/** In latent cells: 512 pixels where a cell has 8, which overlap by 128. */
const TILES: WindowGrid = { size: 64, overlap: 16 };

/** Where a tile is not as the whole picture would be and cannot be, as few as memory allows: 1024 pixels, which overlap by 256. */
const LARGE_TILES: WindowGrid = { size: 128, overlap: 32 };

/** Operators that look at all of a picture: norms over it, and attention. */
const GLOBAL_OPERATORS: readonly string[] = [
  "InstanceNormalization",
  "GroupNormalization",
  "GroupNorm",
  "Softmax",
  "Attention",
];

/** Whether something in an autoencoder's graph looks at all of a picture. */
export function looksAtAll({ graph: { node } }: Pick<OnnxFile, "graph">): boolean {
  return node.some(({ opType }) => GLOBAL_OPERATORS.includes(opType));
}

/**
 * The tiles that suit an autoencoder.
 * @param native Latent cells along the edge of a picture that the model was trained for.
 * @param seen What its tiles see: what they would in the whole picture, but near their edges; the same by
 *   {@link AutoencoderHalves}; or the tile alone.
 */
export function tilesFor(seen: "NEIGHBOURS" | "ALL" | "TILE", native: number): WindowGrid {
  if (seen === "TILE") return LARGE_TILES;
  // A picture of native size is one tile, which takes one run.
  return seen === "ALL" ? { ...TILES, size: Math.max(TILES.size, native) } : TILES;
}

/** Rows of a picture from one edge to the other, [1, C, rows, width]. */
export interface Band {
  /** The first of its rows. */
  readonly y: number;
  readonly rows: Tensor;
}

/** A part of something, in its cells or pixels. */
export type Part = Omit<Window, "shares">;

/** A picture to encode, of which no more is asked for at once than a tile. */
export interface PictureParts {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** [1, 3, height, width] of a part, from -1 to 1. */
  readonly part: (part: Part) => Tensor;
}

/** A picture [1, 3, H, W] that is there as a whole. */
export function partsOf(image: Tensor): PictureParts {
  const [, , height, width] = shapeOf(image, 4);
  return { width, height, part: (part) => part.width === width && part.height === height ? image : crop(image, part) };
}

/**
 * Decodes by tiles, from the top to the bottom.
 * @param latents [1, C, h, w]
 * @param factor Pixels per cell, along each edge.
 * @param decode [1, C, h', w'] to [1, 3, h' * factor, w' * factor].
 * @returns The rows of [1, 3, h * factor, w * factor].
 */
export async function* decodeByTiles(
  latents: Tensor,
  factor: number,
  tiles: WindowGrid,
  decode: (tile: Tensor) => Promise<Tensor>,
): AsyncGenerator<Band, void, undefined> {
  const [, , height, width] = shapeOf(latents, 4);
  const whole = { height: height * factor, width: width * factor };
  const grid = { size: tiles.size * factor, overlap: tiles.overlap * factor };
  yield* fuse(whole, windowsOf(whole, grid, factor), (window) => {
    const part = scaled(window, 1 / factor);
    return decode(part.width === width && part.height === height ? latents : crop(latents, part));
  });
}

/**
 * Encodes by tiles.
 * @param factor Pixels per cell, along each edge.
 * @param encode [1, 3, H', W'] to [1, C, H' / factor, W' / factor].
 * @returns [1, C, H / factor, W / factor]
 */
export async function encodeByTiles(
  image: PictureParts,
  factor: number,
  tiles: WindowGrid,
  encode: (tile: Tensor) => Promise<Tensor>,
): Promise<Tensor> {
  const whole = { height: image.height / factor, width: image.width / factor };
  return await gather(
    fuse(whole, windowsOf(whole, tiles), (window) => encode(image.part(scaled(window, factor)))),
    whole,
  );
}

/** All bands as one tensor. */
export async function gather(
  bands: AsyncIterable<Band>,
  { height, width }: { readonly height: number; readonly width: number },
): Promise<Tensor> {
  let channels = 0;
  let data: Float32Array = new Float32Array();
  for await (const { y, rows } of bands) {
    const [, planes, count] = shapeOf(rows, 4);
    if (count === height) return rows;
    if (data.length === 0) data = new Float32Array(planes * height * width);
    channels = planes;
    for (let c = 0; c < planes; c++) {
      data.set(rows.data.subarray(c * count * width, (c + 1) * count * width), (c * height + y) * width);
    }
  }
  return { dims: [1, channels, height, width], data };
}

/** Runs all windows, which come row by row, and gives out every row that no later one has a share in. */
async function* fuse(
  { width }: { readonly height: number; readonly width: number },
  windows: readonly Window[],
  run: (window: Window) => Promise<Tensor>,
): AsyncGenerator<Band, void, undefined> {
  /** The sum so far of rows that began with `y`. */
  let open: Band | undefined;
  for (const [i, window] of windows.entries()) {
    const result = await run(window);
    if (windows.length === 1) return yield { y: 0, rows: result };
    const [, channels] = shapeOf(result, 4);
    if (open?.y !== window.y) {
      const { y, height } = window;
      const below: Tensor = { dims: [1, channels, height, width], data: new Float32Array(channels * height * width) };
      if (open !== undefined) {
        const [, , rows] = shapeOf(open.rows, 4);
        const done = y - open.y;
        yield { y: open.y, rows: crop(open.rows, { x: 0, y: 0, width, height: done }) };
        copyRows(open.rows, done, below, rows - done);
      }
      open = { y, rows: below };
    }
    addWindow(open.rows.data, result.data, { ...window, y: 0 }, { height: window.height, width }, null);
    if (i === windows.length - 1) yield open;
  }
}

/** Copies `count` rows of every plane, from row `first` on, to the top. */
function copyRows(source: Tensor, first: number, target: Tensor, count: number): void {
  const [, channels, rows, width] = shapeOf(source, 4);
  const [, , height] = shapeOf(target, 4);
  for (let c = 0; c < channels; c++) {
    const from = (c * rows + first) * width;
    target.data.set(source.data.subarray(from, from + count * width), c * height * width);
  }
}

function scaled({ x, y, width, height }: Window, by: number): Part {
  return { x: x * by, y: y * by, width: width * by, height: height * by };
}
