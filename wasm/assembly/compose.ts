// deno-lint-ignore-file
// @ts-nocheck: AssemblyScript, whose types are WebAssembly's
/** From masks to weight maps, a row of cells at a time: who is on a cell, holes, base ratios and the average over pixels. */

import { prepareBand, prepareProduct, prepareRest } from "./bands.ts";
import { blurCoarse } from "./coarse_blur.ts";
import { Layer, normalizePixels, stackPixels } from "./overlap.ts";
import { COARSE, Image, LAYER, PRODUCT, Region, REST } from "./records.ts";
import { DUST } from "./runs.ts";

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
