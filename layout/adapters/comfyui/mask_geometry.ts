/** A mask on a grid as a layout's geometry: rectangles, their union, or what is left of one around others. */

import type { GeometrySpec, Rectangle } from "../../layout.ts";
import type { MaskGrid } from "./mask_grid.ts";

/** What of the canvas a mask covers. */
export interface Covered {
  /** Null where it covers nothing. */
  readonly geometry: GeometrySpec | null;
  /** Its value there, greater than 0; the greatest, where there are several. */
  readonly level: number;
  /** Whether it has no other value than that and 0. */
  readonly exact: boolean;
  /** The standard deviation of a Gaussian border like its ramp, in fractions of the short edge; 0 to 0.5. */
  readonly feather: number;
}

/** Masks of more blocks are no drawing by nodes; their frame stands in for them, which is not exact. */
const MAX_BLOCKS = 64;

/** A block of cells [left, right) x [top, bottom). */
interface Block {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The geometry of the cells whose value is greater than 0. */
export function coveredBy(mask: MaskGrid): Covered {
  const { columns, rows, values, ramp } = mask;
  const across = columns.length - 1, down = rows.length - 1;
  const level = values.reduce((most, value) => Math.max(most, value), 0);
  const exact = values.every((value) => value === 0 || value === level);
  // A ramp of the length w is spread as a uniform distribution is: by w / sqrt(12).
  const feather = Math.min(0.5, ramp / Math.sqrt(12) / Math.min(mask.width, mask.height));
  const filled = (i: number, j: number) => (values[j * across + i] ?? 0) > 0;
  const blocks = cover({ left: 0, top: 0, right: across, bottom: down }, filled);
  if (blocks.length === 0) return { geometry: null, level, exact, feather: 0 };
  const frame = frameOf(across, down, filled);
  const shape = (block: Block): GeometrySpec => ({ rectangle: rectangleOf(mask, block) });
  const holes = cover(frame, (i, j) => !filled(i, j));
  const [only] = blocks;
  const geometry = blocks.length === 1 && only !== undefined
    ? shape(only)
    : blocks.length > MAX_BLOCKS
    ? shape(frame)
    : holes.length < blocks.length
    ? { subtraction: { from: shape(frame), subtract: holes.map(shape) } }
    : { union: blocks.map(shape) };
  return { geometry, level, exact: exact && blocks.length <= MAX_BLOCKS, feather };
}

/**
 * Blocks as large as possible that cover the filled cells, and nothing else. They may overlap: blocks that only abut
 * would leave a seam where they meet within a pixel.
 */
function cover(frame: Block, filled: (i: number, j: number) => boolean): readonly Block[] {
  const blocks: Block[] = [];
  const within = ({ left, top, right, bottom }: Block) => {
    if (left < frame.left || top < frame.top || right > frame.right || bottom > frame.bottom) return false;
    for (let j = top; j < bottom; j++) for (let i = left; i < right; i++) if (!filled(i, j)) return false;
    return true;
  };
  for (let j = frame.top; j < frame.bottom; j++) {
    for (let i = frame.left; i < frame.right; i++) {
      const inside = ({ left, top, right, bottom }: Block) => i >= left && i < right && j >= top && j < bottom;
      if (!filled(i, j) || blocks.length > MAX_BLOCKS || blocks.some(inside)) continue;
      let block: Block = { left: i, top: j, right: i + 1, bottom: j + 1 };
      for (const edge of ["right", "bottom", "left", "top"] as const) {
        const by = edge === "right" || edge === "bottom" ? 1 : -1;
        for (let next = { ...block, [edge]: block[edge] + by }; within(added(block, next));) {
          block = next;
          next = { ...block, [edge]: block[edge] + by };
        }
      }
      blocks.push(block);
    }
  }
  return blocks;
}

/** The smallest block around all filled cells. */
function frameOf(across: number, down: number, filled: (i: number, j: number) => boolean): Block {
  let [left, top, right, bottom] = [across, down, 0, 0];
  for (let j = 0; j < down; j++) {
    for (let i = 0; i < across; i++) {
      if (!filled(i, j)) continue;
      [left, top, right, bottom] = [
        Math.min(left, i),
        Math.min(top, j),
        Math.max(right, i + 1),
        Math.max(bottom, j + 1),
      ];
    }
  }
  return { left, top, right, bottom };
}

/** The strip by which a block grew. */
function added(block: Block, next: Block): Block {
  if (next.right !== block.right) return { ...next, left: block.right };
  if (next.bottom !== block.bottom) return { ...next, top: block.bottom };
  return next.left !== block.left ? { ...next, right: block.left } : { ...next, bottom: block.top };
}

function rectangleOf({ width, height, columns, rows }: MaskGrid, { left, top, right, bottom }: Block): Rectangle {
  const [x = 0, end = width, y = 0, low = height] = [columns[left], columns[right], rows[top], rows[bottom]];
  return { x: x / width, y: y / height, width: (end - x) / width, height: (low - y) / height };
}
