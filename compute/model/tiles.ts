/**
 * Tiles of an autoencoder: what is larger than one tile is decoded and encoded tile by tile, so that the memory that it
 * takes does not grow with the picture.
 *
 * Convolutions see the same in a tile as in the whole picture but near its edges, which count least where tiles overlap.
 * What looks at all of a picture, the group norms and the attention of `AutoencoderKL`, sees the tile instead.
 */

import type { OnnxFile } from "../graph/onnx_file.ts";
import { shapeOf, type Tensor } from "../tensor.ts";
import { addWindow, crop, type Window, type WindowGrid, windowsOf } from "../windows.ts";

/** In latent cells: 512 pixels where a cell has 8, which overlap by 128. */
const TILES: WindowGrid = { size: 64, overlap: 16 };

/** Where a tile is not as the whole picture would be, as few as memory allows: 1024 pixels, which overlap by 256. */
const LARGE_TILES: WindowGrid = { size: 128, overlap: 32 };

/** Operators that look at all of a picture: norms over it, and attention. */
const GLOBAL_OPERATORS: readonly string[] = [
  "InstanceNormalization",
  "GroupNormalization",
  "GroupNorm",
  "Softmax",
  "Attention",
];

/** The tiles that suit an autoencoder's graph. */
export function tilesFor({ graph: { node } }: Pick<OnnxFile, "graph">): WindowGrid {
  return node.some(({ opType }) => GLOBAL_OPERATORS.includes(opType)) ? LARGE_TILES : TILES;
}

/**
 * Decodes by tiles.
 * @param latents [1, C, h, w]
 * @param factor Pixels per cell, along each edge.
 * @param decode [1, C, h', w'] to [1, 3, h' * factor, w' * factor].
 * @returns [1, 3, h * factor, w * factor]
 */
export async function decodeByTiles(
  latents: Tensor,
  factor: number,
  tiles: WindowGrid,
  decode: (tile: Tensor) => Promise<Tensor>,
): Promise<Tensor> {
  const [, , height, width] = shapeOf(latents, 4);
  const whole = { height: height * factor, width: width * factor };
  const grid = { size: tiles.size * factor, overlap: tiles.overlap * factor };
  const windows = windowsOf(whole, grid, factor);
  if (windows.length === 1) return await decode(latents);
  return await fuse(whole, windows, (window) => decode(crop(latents, scaled(window, 1 / factor))));
}

/**
 * Encodes by tiles.
 * @param image [1, 3, H, W]
 * @param encode [1, 3, H', W'] to [1, C, H' / factor, W' / factor].
 * @returns [1, C, H / factor, W / factor]
 */
export async function encodeByTiles(
  image: Tensor,
  factor: number,
  tiles: WindowGrid,
  encode: (tile: Tensor) => Promise<Tensor>,
): Promise<Tensor> {
  const [, , rows, columns] = shapeOf(image, 4);
  const whole = { height: rows / factor, width: columns / factor };
  const windows = windowsOf(whole, tiles);
  if (windows.length === 1) return await encode(image);
  return await fuse(whole, windows, (window) => encode(crop(image, scaled(window, factor))));
}

async function fuse(
  whole: { readonly height: number; readonly width: number },
  windows: readonly Window[],
  run: (window: Window) => Promise<Tensor>,
): Promise<Tensor> {
  const size = whole.height * whole.width;
  let channels = 0;
  let sum: Float32Array | undefined;
  for (const window of windows) {
    const { dims, data } = await run(window);
    channels = dims[1] ?? 0;
    sum ??= new Float32Array(channels * size);
    addWindow(sum, data, window, whole, null);
  }
  return { dims: [1, channels, whole.height, whole.width], data: sum ?? new Float32Array() };
}

function scaled({ x, y, width, height }: Window, by: number): Omit<Window, "shares"> {
  return { x: x * by, y: y * by, width: width * by, height: height * by };
}
