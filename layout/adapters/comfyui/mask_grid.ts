/**
 * ComfyUI's masks as geometry: values on the cells of a grid, exactly what its mask nodes compute for masks that are
 * constant on rectangles (`comfy_extras/nodes_mask.py`).
 *
 * A mask has a size of its own and is stretched over the canvas, there as here.
 */

/** A mask that is constant on the cells between its cuts. */
export interface MaskGrid {
  readonly width: number;
  readonly height: number;
  /** Ascending, from 0 to the width or height, in pixels. */
  readonly columns: readonly number[];
  readonly rows: readonly number[];
  /** 0 to 1, by rows: [rows - 1, columns - 1]. */
  readonly values: Float64Array;
  /** The widest linear ramp at a border, in pixels; the border runs through its middle. 0: hard. */
  readonly ramp: number;
}

/** More cuts along an edge are no drawing by nodes. */
const MAX_CUTS = 64;

export type MaskOperation = "multiply" | "add" | "subtract" | "and" | "or" | "xor";

const OPERATIONS: Readonly<Record<MaskOperation, (destination: number, source: number) => number>> = {
  multiply: (d, s) => d * s,
  add: (d, s) => d + s,
  subtract: (d, s) => d - s,
  and: (d, s) => d > 0.5 && s > 0.5 ? 1 : 0,
  or: (d, s) => d > 0.5 || s > 0.5 ? 1 : 0,
  xor: (d, s) => d > 0.5 !== s > 0.5 ? 1 : 0,
};

export function isMaskOperation(name: unknown): name is MaskOperation {
  return typeof name === "string" && Object.hasOwn(OPERATIONS, name);
}

/** SolidMask. */
export function solid(value: number, width: number, height: number): MaskGrid {
  return { width, height, columns: [0, width], rows: [0, height], values: Float64Array.of(value), ramp: 0 };
}

/** The values of a mask at other cuts, worked out cell by cell; undefined where there are too many. */
function onCells(
  { width, height, ramp }: Pick<MaskGrid, "width" | "height" | "ramp">,
  xs: readonly number[],
  ys: readonly number[],
  value: (x: number, y: number) => number,
): MaskGrid | undefined {
  const [columns, rows] = [cuts(xs, width), cuts(ys, height)];
  if (columns.length > MAX_CUTS || rows.length > MAX_CUTS) return undefined;
  const values = new Float64Array((columns.length - 1) * (rows.length - 1));
  let at = 0;
  for (let j = 0; j + 1 < rows.length; j++) {
    const y = middle(rows, j);
    for (let i = 0; i + 1 < columns.length; i++) values[at++] = Math.min(1, Math.max(0, value(middle(columns, i), y)));
  }
  return merged({ width, height, columns, rows, values, ramp });
}

/** The value of a mask at a point; 0 outside. */
export function valueAt({ width, height, columns, rows, values }: MaskGrid, x: number, y: number): number {
  if (x < 0 || y < 0 || x >= width || y >= height) return 0;
  return values[cellAt(rows, y) * (columns.length - 1) + cellAt(columns, x)] ?? 0;
}

/** MaskComposite: the source is laid onto the destination with its corner at (x, y); the destination keeps its size. */
export function composite(
  destination: MaskGrid,
  source: MaskGrid,
  x: number,
  y: number,
  operation: MaskOperation,
): MaskGrid | undefined {
  const combine = OPERATIONS[operation];
  const size = { ...destination, ramp: Math.max(destination.ramp, source.ramp) };
  const inside = (px: number, py: number) => px >= x && py >= y && px < x + source.width && py < y + source.height;
  return onCells(
    size,
    [...destination.columns, ...source.columns.map((cut) => cut + x)],
    [...destination.rows, ...source.rows.map((cut) => cut + y)],
    (px, py) => {
      const below = valueAt(destination, px, py);
      return inside(px, py) ? combine(below, valueAt(source, px - x, py - y)) : below;
    },
  );
}

/** InvertMask, ThresholdMask and the like: the same cells with other values. */
export function mapped(mask: MaskGrid, change: (value: number) => number): MaskGrid {
  return merged({ ...mask, values: mask.values.map(change) });
}

/** CropMask. Undefined where nothing is left. */
export function cropped(mask: MaskGrid, x: number, y: number, width: number, height: number): MaskGrid | undefined {
  const size = { width: Math.min(width, mask.width - x), height: Math.min(height, mask.height - y), ramp: mask.ramp };
  if (!(size.width > 0 && size.height > 0)) return undefined;
  const shifted = (list: readonly number[], by: number) => list.map((cut) => cut - by);
  return onCells(size, shifted(mask.columns, x), shifted(mask.rows, y), (px, py) => valueAt(mask, px + x, py + y));
}

/** FeatherMask: linear ramps inside of the mask's own edges; their outer halves are cut off, so that borders stay put. */
export function feathered(
  mask: MaskGrid,
  edges: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number },
): MaskGrid | undefined {
  const [left, right] = [edges.left / 2, mask.width - edges.right / 2];
  const [top, bottom] = [edges.top / 2, mask.height - edges.bottom / 2];
  const ramp = Math.max(mask.ramp, edges.left, edges.top, edges.right, edges.bottom);
  return onCells(
    { ...mask, ramp },
    [...mask.columns, left, right],
    [...mask.rows, top, bottom],
    (x, y) => x > left && x < right && y > top && y < bottom ? valueAt(mask, x, y) : 0,
  );
}

/** GrowMask without its tapered corners: every value reaches `by` pixels further, or less far where `by` is below 0. */
export function grown(mask: MaskGrid, by: number): MaskGrid | undefined {
  if (by < 0) {
    const invert = (value: number) => 1 - value;
    const rest = grown(mapped(mask, invert), -by);
    return rest === undefined ? undefined : mapped(rest, invert);
  }
  const moved = (list: readonly number[]) => list.flatMap((cut) => [cut - by, cut + by]);
  const greatest = (grid: MaskGrid, x: number, y: number, across: boolean) => {
    const [list, place] = across ? [grid.columns, x] : [grid.rows, y];
    let most = 0;
    for (let i = 0; i + 1 < list.length; i++) {
      const [from = 0, to = 0] = [list[i], list[i + 1]];
      if (from < place + by && to > place - by) {
        const inside = (from + to) / 2;
        most = Math.max(most, across ? valueAt(grid, inside, y) : valueAt(grid, x, inside));
      }
    }
    return most;
  };
  const wide = onCells(mask, moved(mask.columns), mask.rows, (x, y) => greatest(mask, x, y, true));
  return wide === undefined
    ? undefined
    : onCells(wide, wide.columns, moved(wide.rows), (x, y) => greatest(wide, x, y, false));
}

/** Without cuts between cells that are the same, which the next operation would carry on. */
function merged(mask: MaskGrid): MaskGrid {
  const { columns, rows, values } = mask;
  const across = columns.length - 1, down = rows.length - 1;
  const keptColumns = kept(columns, (i) => {
    for (let j = 0; j < down; j++) if (values[j * across + i] !== values[j * across + i - 1]) return true;
    return false;
  });
  const keptRows = kept(rows, (j) => {
    for (let i = 0; i < across; i++) if (values[j * across + i] !== values[(j - 1) * across + i]) return true;
    return false;
  });
  if (keptColumns.length === columns.length && keptRows.length === rows.length) return mask;
  const smaller = new Float64Array((keptColumns.length - 1) * (keptRows.length - 1));
  let at = 0;
  for (let j = 0; j + 1 < keptRows.length; j++) {
    for (let i = 0; i + 1 < keptColumns.length; i++) {
      smaller[at++] = values[(keptRows[j] ?? 0) * across + (keptColumns[i] ?? 0)] ?? 0;
    }
  }
  const pick = (list: readonly number[], indexes: readonly number[]) => indexes.map((i) => list[i] ?? 0);
  return { ...mask, columns: pick(columns, keptColumns), rows: pick(rows, keptRows), values: smaller };
}

/** The indexes of the cuts that separate different cells, and of both ends. */
function kept(list: readonly number[], differs: (index: number) => boolean): readonly number[] {
  return list.flatMap((_, i) => i === 0 || i === list.length - 1 || differs(i) ? [i] : []);
}

/** Both ends and the cuts between them, ascending, each once. */
function cuts(list: readonly number[], end: number): readonly number[] {
  const inside = list.filter((cut) => cut > 0 && cut < end);
  return [...new Set([0, ...inside, end])].sort((a, b) => a - b);
}

function middle(list: readonly number[], i: number): number {
  return ((list[i] ?? 0) + (list[i + 1] ?? 0)) / 2;
}

/** The index of the cell in which a coordinate lies. */
function cellAt(list: readonly number[], place: number): number {
  let low = 0, high = list.length - 1;
  while (high - low > 1) {
    const half = (low + high) >> 1;
    if ((list[half] ?? 0) <= place) low = half;
    else high = half;
  }
  return low;
}
