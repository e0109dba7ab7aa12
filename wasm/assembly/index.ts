// deno-lint-ignore-file
// @ts-nocheck: AssemblyScript, whose types are WebAssembly's
/** What the module exports. Memory belongs to the caller, from `heapBase()` on; see `../memory.ts`. */

import { compose as composeMaps } from "./compose.ts";
import { averageBlocks as averageMaps } from "./levels.ts";
import { renderPreview as renderLatents } from "./preview.ts";
import { Image } from "./records.ts";

export function compose(
  image: usize,
  regions: usize,
  count: i32,
  maps: usize,
  mapCount: i32,
  stacked: i32,
): f64 {
  return composeMaps(changetype<Image>(image), regions, count, maps, mapCount, stacked !== 0);
}

export function averageBlocks(
  maps: usize,
  count: i32,
  height: i32,
  width: i32,
  side: i32,
  out: usize,
  line: usize,
): void {
  averageMaps(maps, count, height, width, side, out, line);
}

export function renderPreview(latents: usize, channels: i32, cells: i32, matrix: usize, bytes: usize): void {
  renderLatents(latents, channels, cells, matrix, bytes);
}

/** Where the caller's memory begins. */
export function heapBase(): usize {
  return __heap_base;
}
