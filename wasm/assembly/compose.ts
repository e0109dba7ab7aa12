// deno-lint-ignore-file
// @ts-nocheck: AssemblyScript, whose types are WebAssembly's
/** From masks to weight maps, a row of cells at a time: overlap rule, holes, base ratios and the average over pixels. */

import { Image, prepareBand, prepareProduct, prepareRest } from "./bands.ts";
import { blurCoarse } from "./coarse_blur.ts";
import { COARSE, DUST, PRODUCT, Region, REST } from "./region.ts";
import { sumLanes } from "./runs.ts";

/** One of the masks on a cell, followed by two rows of four pixels at hand and the sums of four columns. */
@unmanaged
class Layer {
  region: usize;
  /** The upper row at hand is the f32 at `pixels`, times the one at `factors`; the next is a step further. */
  pixels: usize;
  step: usize;
  factors: usize;
  factorStep: usize;
  weight: f32;
  /** The sum of its shares over the cell's pixels. */
  sum: f64;
}

const LAYER: usize = 80;
const PIECE: usize = 32;
const SUMS: usize = 64;

const ONE: usize = memory.data<f32>([1]);

/**
 * Writes maps f32 [mapCount, cells down, cells across]: the base's, the regions' by their `map`, and last what no region
 * covers, 1 where all of a cell is bare. Returns how many pixels are bare in all.
 *
 * @param regions Pointers to `count` regions, front to back.
 * @param stacked Z_ORDER rather than NORMALIZE.
 */
export function compose(image: Image, regions: usize, count: i32, maps: usize, mapCount: i32, stacked: bool): f64 {
  const height = image.height, factor = image.factor, cells = image.cells;
  const lines = (height + factor - 1) / factor;
  const plane = <usize> (lines * cells) << 2;
  memory.fill(maps, 0, plane * mapCount);
  for (let r = 0; r < count; r++) {
    const region = regionAt(regions, r);
    if (region.source === PRODUCT) prepareProduct(region, image);
    if (region.blur === COARSE) {
      blurCoarse(region, image.fullWidth, image.fullHeight, image.line, image.cellsOfBlur, image.places);
    }
  }
  let bare: f64 = 0;
  for (let line = 0; line < lines; line++) {
    const y0 = line * factor, y1 = min(height, y0 + factor);
    const active = prepareRegions(image, regions, count, y0, y1);
    for (let c = 0; c < cells; c++) {
      const at = maps + (<usize> (line * cells + c) << 2);
      bare += composeCell(image, active, c, y0, y1, at, plane, plane * (mapCount - 1), stacked);
    }
  }
  return bare;
}

function regionAt(regions: usize, r: i32): Region {
  return changetype<Region>(load<usize>(regions + (<usize> r << 2)));
}

/** Lists those with anything in the rows [y0, y1) in `image.active`. Returns how many. */
function prepareRegions(image: Image, regions: usize, count: i32, y0: i32, y1: i32): i32 {
  const active = image.active;
  let listed = 0;
  for (let r = 0; r < count; r++) {
    const region = regionAt(regions, r);
    if (region.source !== REST && !prepareBand(region, image, y0, y1)) continue;
    store<usize>(active + (<usize> listed << 2), changetype<usize>(region));
    listed++;
  }
  for (let k = 0; k < listed; k++) {
    const region = regionAt(active, k);
    if (region.source === REST) prepareRest(region, image, active, listed, y0, y1);
  }
  return listed;
}

/** One cell of all maps, the base's at `at`. Returns how many of its pixels are bare. */
function composeCell(
  image: Image,
  active: i32,
  c: i32,
  y0: i32,
  y1: i32,
  at: usize,
  plane: usize,
  holes: usize,
  stacked: bool,
): f64 {
  const from = c * image.factor, columns = min(image.width - from, image.factor), rows = y1 - y0;
  const pixels = <f64> (columns * rows);
  const layers = image.layers;
  let layer = layers, flat = true, full = true;
  for (let k = 0; k < active; k++) {
    const region = regionAt(image.active, k);
    if (c < region.firstCell || c >= region.lastCell) continue;
    let kind = load<u8>(region.kinds + <usize> c);
    if (kind === 0) continue;
    if (region.source === PRODUCT) {
      if (kind === 1 && region.lineFull === 0) kind = 2;
      if (region.lineConstant === 0) flat = false;
    } else if (kind !== 1) flat = false;
    if (kind !== 1) full = false;
    openLayer(changetype<Layer>(layer), region, kind, from, y0, image);
    layer += LAYER;
    if (stacked && kind === 1) break; // nothing is left for those behind
  }
  if (layer === layers) {
    store<f32>(at, 1);
    store<f32>(at + holes, 1);
    return pixels;
  }
  let bare: f64 = 0;
  if (layer === layers + LAYER) {
    bare = sumSingle(changetype<Layer>(layers), c, pixels);
  } else if (full) {
    shareFull(layers, layer);
  } else {
    // Where no row differs from the next, one stands for all.
    const distinct = flat ? 1 : rows;
    const sum = stacked
      ? stackPixels(layers, layer, distinct, columns)
      : normalizePixels(layers, layer, distinct, columns, image.fullWidth > image.width && columns % 4 === 0);
    bare = flat ? sum * <f64> rows : sum;
    if (flat) scaleSums(layers, layer, <f64> rows);
  }
  store<f32>(at + holes, <f32> (bare / pixels));
  writeCell(layers, layer, at, plane, bare);
  return bare;
}

function openLayer(layer: Layer, region: Region, kind: i32, from: i32, y0: i32, image: Image): void {
  layer.region = changetype<usize>(region);
  layer.weight = region.weight;
  layer.sum = <f64> kind; // `sumSingle` and `shareFull` read it
  if (region.source === PRODUCT) {
    layer.pixels = region.data + (<usize> from << 2);
    layer.step = 0;
    layer.factors = region.lines + (<usize> y0 << 2);
    layer.factorStep = 4;
  } else {
    layer.pixels = region.strip + (<usize> from << 2);
    layer.step = <usize> image.stride << 2;
    layer.factors = ONE;
    layer.factorStep = 0;
  }
}

/** A mask that is alone on the cell is its share, by both rules. Returns what it leaves bare. */
function sumSingle(layer: Layer, c: i32, pixels: f64): f64 {
  const region = changetype<Region>(layer.region);
  if (layer.sum === 1) {
    layer.sum = pixels;
    return 0;
  }
  const sum = <f64> load<f32>(region.sums + (<usize> c << 2));
  layer.sum = region.source === PRODUCT ? sum * <f64> region.lineSum : sum;
  const bare = pixels - layer.sum;
  return bare < <f64> DUST * pixels ? 0 : bare;
}

/** All masks are 1 on all of the cell: shares are weights (under Z_ORDER there is one layer, the front). */
function shareFull(layers: usize, end: usize): void {
  for (let at = layers; at < end; at += LAYER) {
    const layer = changetype<Layer>(at);
    layer.sum = <f64> layer.weight;
  }
}

function scaleSums(layers: usize, end: usize, factor: f64): void {
  for (let at = layers; at < end; at += LAYER) changetype<Layer>(at).sum *= factor;
}

/** The lanes of the last four pixels of a cell that belong to it. */
function lanesOf(columns: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(columns & 3 ? columns & 3 : 4));
}

/**
 * NORMALIZE on each pixel: `m = min(1, sum M) * g M / sum(g M)`, summed up per layer. Returns what is bare.
 * @param squares Pixels stand for squares of 2 x 2, and fill whole vectors.
 */
function normalizePixels(layers: usize, end: usize, rows: i32, columns: i32, squares: bool): f64 {
  const none = f32x4.splat(0), one = f32x4.splat(1), dust = f32x4.splat(DUST);
  const whole = <usize> ((columns + 3) & ~3) << 2, tail = lanesOf(columns);
  let bare = none, above = none;
  for (let at = layers; at < end; at += LAYER) v128.store(at, none, SUMS);
  for (let k = 0; k < rows; k += 2) {
    for (let x: usize = 0; x < whole; x += 16) {
      const lanes = x + 16 === whole ? tail : i32x4.splat(-1);
      const lower = k + 1 < rows ? lanes : none;
      let total0 = none, total1 = none, weighted0 = none, weighted1 = none;
      for (let at = layers; at < end; at += LAYER) {
        const layer = changetype<Layer>(at);
        const pixels = layer.pixels + x, factors = layer.factors, weight = f32x4.splat(layer.weight);
        const mask0 = v128.and(f32x4.mul(v128.load32_splat(factors), v128.load(pixels)), lanes);
        const factor1 = v128.load32_splat(factors + layer.factorStep);
        const mask1 = v128.and(f32x4.mul(factor1, v128.load(pixels + layer.step)), lower);
        const share0 = f32x4.mul(mask0, weight), share1 = f32x4.mul(mask1, weight);
        v128.store(at, share0, PIECE);
        v128.store(at, share1, PIECE + 16);
        total0 = f32x4.add(total0, mask0);
        total1 = f32x4.add(total1, mask1);
        weighted0 = f32x4.add(weighted0, share0);
        weighted1 = f32x4.add(weighted1, share1);
      }
      let hole0 = f32x4.pmax(none, f32x4.sub(one, total0)), hole1 = f32x4.pmax(none, f32x4.sub(one, total1));
      if (squares) {
        // Slopes are measured from the row above; the first row has but the one below.
        const near = k > 0 ? above : k + 1 < rows ? total1 : total0;
        hole0 = holeOfSquares(f32x4.sub(one, total0), total0, near);
        hole1 = holeOfSquares(f32x4.sub(one, total1), total1, total0);
        above = total1;
      }
      hole0 = v128.and(v128.and(hole0, f32x4.ge(hole0, dust)), lanes);
      hole1 = v128.and(v128.and(hole1, f32x4.ge(hole1, dust)), lower);
      bare = f32x4.add(bare, f32x4.add(hole0, hole1));
      // 0 / 0 where no layer has the pixel: every share is 0 there, and the comparison keeps NaN out.
      const ratio0 = v128.and(f32x4.div(f32x4.sub(one, hole0), weighted0), f32x4.gt(weighted0, none));
      const ratio1 = v128.and(f32x4.div(f32x4.sub(one, hole1), weighted1), f32x4.gt(weighted1, none));
      for (let at = layers; at < end; at += LAYER) {
        const shares = f32x4.add(
          f32x4.mul(v128.load(at, PIECE), ratio0),
          f32x4.mul(v128.load(at, PIECE + 16), ratio1),
        );
        v128.store(at, f32x4.add(v128.load(at, SUMS), shares), SUMS);
      }
    }
    nextRows(layers, end);
  }
  closeSums(layers, end);
  return <f64> sumLanes(bare);
}

/**
 * The mean of max(0, hole) over the four pixels of each square, which differs from that of the mean where the masks
 * begin to cover. The slopes come from a square beside and one above or below.
 */
function holeOfSquares(hole: v128, total: v128, near: v128): v128 {
  const quarter = f32x4.splat(0.25), none = f32x4.splat(0);
  const beside = v128.shuffle<f32>(total, total, 1, 0, 1, 2);
  const dx = f32x4.mul(f32x4.abs(f32x4.sub(total, beside)), quarter);
  const dy = f32x4.mul(f32x4.abs(f32x4.sub(total, near)), quarter);
  const both = f32x4.add(dx, dy), either = f32x4.sub(dx, dy);
  const sum = f32x4.add(
    f32x4.add(f32x4.pmax(none, f32x4.add(hole, both)), f32x4.pmax(none, f32x4.sub(hole, both))),
    f32x4.add(f32x4.pmax(none, f32x4.add(hole, either)), f32x4.pmax(none, f32x4.sub(hole, either))),
  );
  return f32x4.mul(sum, quarter);
}

/** Z_ORDER on each pixel, the layers front to back: `m = min(M, 1 - sum of m in front)`. Returns what is bare. */
function stackPixels(layers: usize, end: usize, rows: i32, columns: i32): f64 {
  const none = f32x4.splat(0), dust = f32x4.splat(DUST);
  const whole = <usize> ((columns + 3) & ~3) << 2, tail = lanesOf(columns);
  let bare = none;
  for (let at = layers; at < end; at += LAYER) v128.store(at, none, SUMS);
  for (let k = 0; k < rows; k += 2) {
    for (let x: usize = 0; x < whole; x += 16) {
      const lanes = x + 16 === whole ? tail : i32x4.splat(-1);
      const lower = k + 1 < rows ? lanes : none;
      let left0 = v128.and(f32x4.splat(1), lanes), left1 = v128.and(f32x4.splat(1), lower);
      for (let at = layers; at < end; at += LAYER) {
        const layer = changetype<Layer>(at);
        const pixels = layer.pixels + x, factors = layer.factors;
        const mask0 = v128.and(f32x4.mul(v128.load32_splat(factors), v128.load(pixels)), lanes);
        const factor1 = v128.load32_splat(factors + layer.factorStep);
        const mask1 = v128.and(f32x4.mul(factor1, v128.load(pixels + layer.step)), lower);
        const share0 = f32x4.pmin(mask0, left0), share1 = f32x4.pmin(mask1, left1);
        v128.store(at, f32x4.add(v128.load(at, SUMS), f32x4.add(share0, share1)), SUMS);
        left0 = f32x4.sub(left0, share0);
        left1 = f32x4.sub(left1, share1);
        left0 = v128.and(left0, f32x4.ge(left0, dust));
        left1 = v128.and(left1, f32x4.ge(left1, dust));
      }
      bare = f32x4.add(bare, f32x4.add(left0, left1));
    }
    nextRows(layers, end);
  }
  closeSums(layers, end);
  return <f64> sumLanes(bare);
}

function nextRows(layers: usize, end: usize): void {
  for (let at = layers; at < end; at += LAYER) {
    const layer = changetype<Layer>(at);
    layer.pixels += 2 * layer.step;
    layer.factors += 2 * layer.factorStep;
  }
}

function closeSums(layers: usize, end: usize): void {
  for (let at = layers; at < end; at += LAYER) changetype<Layer>(at).sum = <f64> sumLanes(v128.load(at, SUMS));
}

/** Turns sums over pixels into weights: base ratios, and the division that makes them add up to 1. */
function writeCell(layers: usize, end: usize, at: usize, plane: usize, bare: f64): void {
  let total = bare, base = bare;
  for (let layer = layers; layer < end; layer += LAYER) {
    const sum = changetype<Layer>(layer).sum;
    total += sum;
    base += sum * <f64> changetype<Region>(changetype<Layer>(layer).region).baseRatio;
  }
  store<f32>(at, <f32> (base / total));
  for (let layer = layers; layer < end; layer += LAYER) {
    const region = changetype<Region>(changetype<Layer>(layer).region);
    const kept = 1 - <f64> region.baseRatio;
    store<f32>(at + plane * <usize> region.map, <f32> (changetype<Layer>(layer).sum * kept / total));
  }
}
