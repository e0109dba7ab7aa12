// deno-lint-ignore-file no-non-null-assertion
/** Rasterising commutes with moving, mirroring and enlarging a layout. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { gridCells } from "../../../layout/masks/grid.ts";
import type { GeometrySpec, LayoutSpec, Point } from "../../../layout/layout.ts";
import { writeRow } from "../../../layout/masks/mask.ts";
import type { MaskImage, MaskImages } from "../../../layout/masks/mask_image.ts";
import { compileWeightMaps, regionMasks, type WeightMaps } from "../../../layout/weights/weight_maps.ts";
import { maxDifference } from "../../../tools/parity/reference.ts";
import { kernelTolerance } from "../../wasm/scenes.ts";
import { IMAGES, randomSpec, resolveOrThrow } from "../random_layout.ts";

/** How a transformation moves points and boxes, given by their corners. */
interface Move {
  readonly x: (x: number) => number;
  readonly y: (y: number) => number;
}

/** The spec moved; cells become rectangles, since no grid reaches where they go. */
function moved(spec: LayoutSpec, move: Move): LayoutSpec {
  const { grid } = resolveOrThrow(spec);
  const cells = grid === null ? [] : gridCells(grid);
  return { ...spec, grid: null, regions: spec.regions!.map((r) => ({ ...r, geometry: movedShape(r.geometry!) })) };

  function movedShape(geometry: GeometrySpec): GeometrySpec {
    const { rectangle, ellipse, polygon, cell, union, subtraction } = geometry;
    if (rectangle) return box(rectangle.x, rectangle.y, rectangle.x + rectangle.width, rectangle.y + rectangle.height);
    if (ellipse) return { ellipse: { ...ellipse, cx: move.x(ellipse.cx), cy: move.y(ellipse.cy) } };
    if (polygon) {
      return { polygon: { points: polygon.points.map(point), holes: polygon.holes?.map((r) => r.map(point)) } };
    }
    if (typeof cell === "number") return box(cells[cell]!.x, cells[cell]!.y, cells[cell]!.right, cells[cell]!.bottom);
    if (union) return { union: union.map(movedShape) };
    if (subtraction) {
      return { subtraction: { from: movedShape(subtraction.from), subtract: subtraction.subtract.map(movedShape) } };
    }
    return geometry;
  }

  function point({ x, y }: Point): Point {
    return { x: move.x(x), y: move.y(y) };
  }

  function box(left: number, top: number, right: number, bottom: number): GeometrySpec {
    const xs = [move.x(left), move.x(right)], ys = [move.y(top), move.y(bottom)];
    const x = Math.min(...xs), y = Math.min(...ys);
    return { rectangle: { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y } };
  }
}

/** Images whose pixel (x, y) is the given ones' pixel `source(x, y)`; transparent where that is outside. */
function movedImages(
  images: MaskImages,
  source: (x: number, y: number, image: MaskImage) => [number, number],
): MaskImages {
  return new Map([...images].map(([asset, image]): [string, MaskImage] => {
    const { width, height } = image, data = new Uint8Array(image.data.length);
    for (let i = 0; i < width * height; i++) {
      const [x, y] = source(i % width, Math.floor(i / width), image);
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      data.set(image.data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4), i * 4);
    }
    return [asset, { width, height, data }];
  }));
}

/** What two compilations of a layout may differ by: twice what kernels are within of the exact maps. */
function tolerance(spec: LayoutSpec): number {
  return 2 * kernelTolerance(spec.regions!.map((region) => region.weight!));
}

const same = (x: number) => x, turned = (x: number) => 1 - x;
const mirrors: [string, Move, typeof pixelAcross][] = [
  ["left to right", { x: turned, y: same }, pixelAcross],
  ["top to bottom", { x: same, y: turned }, pixelDown],
];

function pixelAcross(x: number, y: number, { width }: { width: number; height: number }): [number, number] {
  return [width - 1 - x, y];
}

function pixelDown(x: number, y: number, { height }: { width: number; height: number }): [number, number] {
  return [x, height - 1 - y];
}

for (const [name, move, pixel] of mirrors) {
  Deno.test(`a layout mirrored ${name} has the mirrored maps`, () => {
    const side = fc.integer({ min: 1, max: 40 });
    const mirrored = movedImages(IMAGES, pixel);
    fc.assert(
      fc.property(randomSpec, side, side, (spec, columns, rows) => {
        const size = { width: columns * 2, height: rows * 2, factor: 2 };
        const maps = compileWeightMaps(resolveOrThrow(spec), size, { images: IMAGES });
        const other = compileWeightMaps(resolveOrThrow(moved(spec, move)), size, { images: mirrored });
        const difference = maxDifference(read(other, (x, y) => pixel(x, y, maps)), maps.data);
        assert(difference <= tolerance(spec), `differs by ${difference}`);
      }),
      { numRuns: 150 },
    );
  });
}

/** The maps read at other cells; NaN outside. */
function read(
  { count, width, height, data }: WeightMaps,
  cell: (x: number, y: number) => [number, number],
): Float32Array {
  return Float32Array.from({ length: count * width * height }, (_, i) => {
    const [x, y] = cell(i % width, Math.floor(i / width) % height);
    if (x < 0 || y < 0 || x >= width || y >= height) return NaN;
    return data[(Math.floor(i / (width * height)) * height + y) * width + x]!;
  });
}

const EDGE = 64, ROOM = 8;

/** Shapes and feathers that stay clear of the canvas's border by {@link ROOM} pixels, on quarters of pixels. */
const inset = randomSpec.map((spec): LayoutSpec => {
  // Eighths of the middle: numbers that shifting by whole pixels does not round.
  const middle = (v: number) => (20 * 4 + Math.round(v * 24 * 4)) / (EDGE * 4);
  const shrunk = moved(spec, { x: middle, y: middle });
  const regions = shrunk.regions!.map((r) => ({
    ...r,
    feather: Math.min(r.feather ?? 0, 2 / EDGE),
    geometry: quartered(r.geometry!),
  }));
  return { ...shrunk, regions };
}).filter((spec) => {
  try {
    resolveOrThrow(spec);
    return true;
  } catch {
    return false; // Rounding to quarters left a shape without area.
  }
});

function quartered(geometry: GeometrySpec): GeometrySpec {
  const { ellipse, union, subtraction } = geometry;
  if (ellipse) return { ellipse: { ...ellipse, rx: ellipse.rx * 24 / EDGE, ry: ellipse.ry * 24 / EDGE } };
  if (union) return { union: union.map(quartered) };
  if (subtraction) {
    return { subtraction: { from: quartered(subtraction.from), subtract: subtraction.subtract.map(quartered) } };
  }
  return geometry;
}

/** A painted mask in the middle of the canvas, two of its pixels to one of the canvas's; inverted it would not end. */
const PAINTED: MaskImages = new Map([...IMAGES.keys()].map((asset, k): [string, MaskImage] => {
  const side = EDGE * 2, data = new Uint8Array(side * side * 4);
  for (let i = 0; i < side * side; i++) {
    const x = i % side, y = Math.floor(i / side);
    if (Math.hypot(x - side / 2, y - side / 2) > 30) continue;
    data.set(k === 0 ? [255, x, y, 255 - 4 * Math.abs(x - y)] : [255, 0, 0, 255], i * 4);
  }
  return [asset, { width: side, height: side, data }];
}));

Deno.test("a layout moved by whole pixels has the moved maps, where the canvas shows both", () => {
  const shift = fc.integer({ min: -ROOM, max: ROOM });
  fc.assert(
    fc.property(inset, shift, shift, (spec, dx, dy) => {
      const size = { width: EDGE, height: EDGE, factor: 1 };
      const there = moved(spec, { x: (x) => x + dx / EDGE, y: (y) => y + dy / EDGE });
      const images = movedImages(PAINTED, (x, y) => [x - 2 * dx, y - 2 * dy]);
      const maps = compileWeightMaps(resolveOrThrow(spec), size, { images: PAINTED });
      const other = compileWeightMaps(resolveOrThrow(there), size, { images });
      const back = read(other, (x, y) => [x + dx, y + dy]);
      const difference = back.reduce(
        (most, v, i) => Number.isNaN(v) ? most : Math.max(most, Math.abs(v - maps.data[i]!)),
        0,
      );
      assert(difference <= tolerance(spec), `differs by ${difference}`);
    }),
    { numRuns: 150 },
  );
});

/** The mask of a shape at a scale, averaged back over scale x scale pixels. */
function scaledMask(geometry: GeometrySpec, feather: number, scale: number, grid: LayoutSpec["grid"]): Float64Array {
  const size = { width: 32 * scale, height: 24 * scale };
  const layout = resolveOrThrow({ grid, regions: [{ prompt: "", geometry, feather }] });
  const [mask] = regionMasks(layout, size, { images: IMAGES });
  const back = new Float64Array(32 * 24), row = new Float64Array(size.width);
  for (let y = 0; y < size.height; y++) {
    row.fill(0);
    writeRow(mask!, y, row);
    row.forEach((v, x) => back[Math.floor(y / scale) * 32 + Math.floor(x / scale)]! += v / scale ** 2);
  }
  return back;
}

const only = (kinds: readonly string[]) =>
  randomSpec.filter(({ regions }) => kinds.some((kind) => kind in (regions?.[0]?.geometry ?? {})))
    .map(({ regions, grid }) => ({ geometry: regions![0]!.geometry!, grid }));

Deno.test("a shape of exact areas drawn twice as large, and averaged back, is the same", () => {
  fc.assert(
    fc.property(only(["rectangle", "cell", "ellipse", "mask", "rest"]), ({ geometry, grid }) => {
      const difference = maxDifference(scaledMask(geometry, 0, 2, grid), scaledMask(geometry, 0, 1, grid));
      assert(difference < 1e-9, `differs by ${difference}`);
    }),
    { numRuns: 150 },
  );
});

Deno.test("a polygon drawn twice as large, and averaged back, differs by its samples: little, and to both sides", () => {
  let sum = 0, pixels = 0;
  fc.assert(
    fc.property(only(["polygon"]), ({ geometry, grid }) => {
      const small = scaledMask(geometry, 0, 1, grid), large = scaledMask(geometry, 0, 2, grid);
      const mean = large.reduce((total, v, i) => total + Math.abs(v - small[i]!), 0) / small.length;
      assert(mean < 0.02, `differs by ${mean} on average`);
      large.forEach((v, i) => sum += v - small[i]!);
      pixels += small.length;
    }),
    { numRuns: 100 },
  );
  assert(Math.abs(sum / pixels) < 2e-4, `differs by ${sum / pixels} to one side`);
});

Deno.test("a feathered shape drawn twice as large is the same but for where a Gaussian is sampled", () => {
  // Clear of the border, whose pixels the feather repeats: those of another size are others.
  const middle = (v: number) => 0.3 + 0.4 * v;
  const shapes = randomSpec.filter(({ regions }) => regions?.[0]?.geometry?.rectangle !== undefined)
    .map((spec) => moved(spec, { x: middle, y: middle }).regions![0]!.geometry!);
  fc.assert(
    fc.property(shapes, fc.double({ min: 0.08, max: 0.2, noNaN: true }), (geometry, feather) => {
      const difference = maxDifference(scaledMask(geometry, feather, 2, null), scaledMask(geometry, feather, 1, null));
      assert(difference < 0.01, `differs by ${difference}`);
    }),
    { numRuns: 60 },
  );
});
