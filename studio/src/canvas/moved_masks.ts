/** Painted masks elsewhere, or of another size: drawn anew into masks of their own. */

import type { MaskInput } from "../api/generated.ts";
import type { DraftLayout } from "../draft/draft.ts";
import type { Box } from "../draft/geometry.ts";
import { draft, rewrite } from "../draft/store.ts";
import { fileOf } from "./brush.ts";
import { forgetMask, maskCoverage, rememberMask } from "./mask_images.ts";
import { storeMask } from "./mask_store.ts";
import { canvasOf } from "./shape_paths.ts";
import { note } from "./tool.ts";

/** What the ids of moved masks begin with until their files have their own. */
const MOVED = "moved:";

const canvases = new Map<string, HTMLCanvasElement>();
let count = 0;

/**
 * The mask after the box `from` became `to`; known to this page alone until {@link keepMoved}. Of a drag only the latest
 * is remembered.
 */
export function movedMask(mask: MaskInput, from: Box, to: Box): MaskInput {
  const before = maskCoverage(mask);
  if (before === null) return mask;
  const { width, height } = before;
  const across = to.width / from.width, down = to.height / from.height;
  const canvas = canvasOf(before, (context) => {
    const x = (to.x - from.x * across) * width, y = (to.y - from.y * down) * height;
    context.drawImage(before, x, y, width * across, height * down);
  });
  const used = new Set(draft.peek().layout.regions.map(({ geometry }) => geometry?.mask?.asset));
  for (const asset of canvases.keys()) {
    if (used.has(asset) || !asset.startsWith(`${MOVED}${mask.asset}:`)) continue;
    canvases.delete(asset);
    forgetMask(asset);
  }
  const asset = `${MOVED}${mask.asset}:${count++}`;
  canvases.set(asset, canvas);
  rememberMask(asset, canvas);
  return { asset };
}

/** Gives the moved masks of the draft files, and what they are known by to the server, in every step of undo. */
export function keepMoved(): void {
  for (const { geometry } of draft.peek().layout.regions) {
    const asset = geometry?.mask?.asset;
    if (asset?.startsWith(MOVED)) void keep(asset);
  }
}

async function keep(moved: string): Promise<void> {
  const canvas = canvases.get(moved);
  if (canvas === undefined) return;
  canvases.delete(moved);
  try {
    const asset = await storeMask(await fileOf(canvas));
    rememberMask(asset, canvas);
    rewrite((layout) => withAsset(layout, moved, asset));
    forgetMask(moved);
  } catch (error) {
    note.value = `The mask could not be kept: ${error instanceof Error ? error.message : error}`;
  }
}

function withAsset(layout: DraftLayout, moved: string, asset: string): DraftLayout {
  if (!layout.regions.some(({ geometry }) => geometry?.mask?.asset === moved)) return layout;
  return {
    ...layout,
    regions: layout.regions.map((region) =>
      region.geometry?.mask?.asset === moved ? { ...region, geometry: { mask: { asset } } } : region
    ),
  };
}
