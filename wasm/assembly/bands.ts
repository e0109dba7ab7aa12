// deno-lint-ignore-file
// @ts-nocheck: AssemblyScript, whose types are WebAssembly's
/** A region's part in a band of rows, one row of cells high: its pixels, and what there is to know about its cells. */

import { coarseRow } from "./coarse_blur.ts";
import { exactRow } from "./exact_blur.ts";
import { addSharpRow } from "./outline.ts";
import { COARSE, EXACT, Image, PRODUCT, Region, REST } from "./records.ts";
import { DUST, fillRun, sumLanes, sumRun } from "./runs.ts";

/** What is known of a product's columns, before the first band. */
export function prepareProduct(region: Region, image: Image): void {
  region.firstCell = region.outLeft / image.factor;
  region.lastCell = (region.outRight + image.factor - 1) / image.factor;
  for (let c = region.firstCell; c < region.lastCell; c++) {
    const from = c * image.factor, to = min(image.width, from + image.factor);
    noteCell(region, c, region.data, 0, 1, from, to);
  }
}

/** Gets the rows [y0, y1) ready. Returns whether the region has anything there. Bands come from top to bottom. */
export function prepareBand(region: Region, image: Image, y0: i32, y1: i32): bool {
  if (y1 <= region.outTop || y0 >= region.outBottom || region.outLeft >= region.outRight) return false;
  if (region.source === PRODUCT) return prepareLines(region, y0, y1);
  const width = image.width,
    height = image.height,
    factor = image.factor,
    stride = image.stride,
    line = image.line,
    places = image.places;
  region.firstCell = region.outLeft / factor;
  region.lastCell = (region.outRight + factor - 1) / factor;
  const from = region.firstCell * factor, to = region.lastCell * factor;
  for (let y = y0; y < y1; y++) {
    const row = region.strip + <usize> ((y - y0) * stride) * 4;
    if (y < region.outTop || y >= region.outBottom || region.blur === 0) fillRun(row, from, to, 0);
    if (y < region.outTop || y >= region.outBottom) continue;
    if (region.blur === COARSE) coarseRow(region, y, row, line);
    else if (region.blur === EXACT) exactRow(region, y, row, width, height, line, places);
    else addSharpRow(region, y, row, places);
    if (region.blur !== 0) {
      fillRun(row, from, region.outLeft, 0);
      fillRun(row, region.outRight, max(to, region.outRight + 4), 0);
    }
  }
  for (let c = region.firstCell; c < region.lastCell; c++) {
    noteCell(region, c, region.strip, stride, y1 - y0, c * factor, min(width, (c + 1) * factor));
  }
  return true;
}

function prepareLines(region: Region, y0: i32, y1: i32): bool {
  const lines = region.lines, first = load<f32>(lines + (<usize> y0 << 2));
  let full = true, constant = true;
  for (let y = y0; y < y1; y++) {
    const value = load<f32>(lines + (<usize> y << 2));
    if (value !== 1) full = false;
    if (value !== first) constant = false;
  }
  region.lineFull = full ? 1 : 0;
  region.lineConstant = constant ? 1 : 0;
  region.lineSum = constant ? first * <f32> (y1 - y0) : sumRun(lines, y0, y1);
  return region.lineSum > 0;
}

/**
 * Notes kind and sum of cell column `c`, the pixels [from, to) of `count` rows. Pixels are in [0, 1], so the sum alone
 * tells what is empty and what is full.
 */
function noteCell(region: Region, c: i32, rows: usize, stride: i32, count: i32, from: i32, to: i32): void {
  let wide = f32x4.splat(0), rest: f32 = 0;
  for (let k = 0; k < count; k++) {
    let at = rows + <usize> (k * stride + from) * 4;
    const end = rows + <usize> (k * stride + to) * 4;
    for (; at + 16 <= end; at += 16) wide = f32x4.add(wide, v128.load(at));
    for (; at < end; at += 4) rest += load<f32>(at);
  }
  const sum = sumLanes(wide) + rest;
  store<u8>(region.kinds + <usize> c, sum === 0 ? 0 : sum >= <f32> ((to - from) * count) ? 1 : 2);
  store<f32>(region.sums + (<usize> c << 2), sum);
}

/** Makes the strip of the rest what `others` leave of the rows [y0, y1): 1 - min(1, their sum). */
export function prepareRest(rest: Region, image: Image, others: usize, count: i32, y0: i32, y1: i32): void {
  const width = image.width, factor = image.factor, stride = image.stride, cells = image.cells;
  for (let y = y0; y < y1; y++) {
    const row = rest.strip + <usize> ((y - y0) * stride) * 4;
    fillRun(row, 0, width, 1);
    for (let k = 0; k < count; k++) {
      const other = changetype<Region>(load<usize>(others + (<usize> k << 2)));
      if (other.source === REST) continue;
      takeRow(row, other, y, y0, stride, other.firstCell * factor, min(width, other.lastCell * factor));
    }
  }
  rest.firstCell = 0;
  rest.lastCell = cells;
  for (let c = 0; c < cells; c++) {
    noteCell(rest, c, rest.strip, stride, y1 - y0, c * factor, min(width, (c + 1) * factor));
  }
}

function takeRow(row: usize, region: Region, y: i32, y0: i32, stride: i32, from: i32, to: i32): void {
  let factor: f32 = 1, source = region.data;
  if (region.source === PRODUCT) factor = load<f32>(region.lines + (<usize> y << 2));
  else source = region.strip + <usize> ((y - y0) * stride) * 4;
  const wide = f32x4.splat(factor), dust = f32x4.splat(DUST);
  let x = from;
  for (; x + 4 <= to; x += 4) {
    const at = row + (<usize> x << 2);
    const left = f32x4.sub(v128.load(at), f32x4.mul(wide, v128.load(source + (<usize> x << 2))));
    v128.store(at, v128.and(left, f32x4.ge(left, dust)));
  }
  for (; x < to; x++) {
    const at = row + (<usize> x << 2);
    const left = load<f32>(at) - factor * load<f32>(source + (<usize> x << 2));
    store<f32>(at, left < DUST ? 0 : left);
  }
}
