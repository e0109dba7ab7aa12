/** Geometry of a layout as ComfyUI's mask nodes: rectangles that are added to, or taken from, an empty mask. */

import { gridCells } from "../../masks/grid.ts";
import type { Geometry, Layout, Rectangle, Region, Shape } from "../../layout.ts";
import type { MaskShape } from "../../shapes/mask.ts";
import { exactWeightMaps } from "../../weights/weight_maps.ts";
import type { Canvas } from "./areas.ts";
import type { Output, WorkflowBuilder } from "./export_nodes.ts";
import { coveredBy } from "./mask_geometry.ts";
import { composite, mapped, type MaskGrid, solid } from "./mask_grid.ts";

/** Rows and columns into which a round or oblique shape is cut. */
const RASTER = 32;

/** A mask, and what had to be changed for it. */
export interface ExportedMask {
  readonly mask: Output;
  /** What tells it from masks of other places. */
  readonly place: string;
  /** Whether edges were rounded to pixels or shapes to rectangles. */
  readonly approximated: boolean;
  /** The file of a painted mask, which has to be there. */
  readonly file: string | null;
}

/** The rectangle that a region is, where it is one; undefined for any other geometry. */
export function rectangleOf({ grid }: Layout, geometry: Geometry): Rectangle | undefined {
  if (geometry.kind === "RECTANGLE") return geometry;
  return geometry.kind === "CELL" && grid !== null ? gridCells(grid)[geometry.cell] : undefined;
}

/** Adds the nodes of a region's mask; undefined where nodes cannot draw it. */
export function exportMask(
  builder: WorkflowBuilder,
  layout: Layout,
  region: Region,
  canvas: Canvas,
): ExportedMask | undefined {
  const { geometry } = region;
  if (geometry.kind === "MASK") {
    return { ...paintedMask(builder, geometry), place: JSON.stringify(geometry), approximated: false };
  }
  const exact = gridOf(layout, geometry, canvas, region);
  const grid = exact ?? raster(layout, region, canvas);
  return grid === undefined ? undefined : draw(builder, grid, exact === undefined);
}

/** A mask whose border is a ramp as wide as a Gaussian of that deviation is spread: sigma sqrt(12). */
export function exportFeathered(
  builder: WorkflowBuilder,
  rectangle: Rectangle,
  feather: number,
  canvas: Canvas,
): ExportedMask {
  const { x, y, width, height } = rectangle;
  const ramp = feather * Math.min(canvas.width, canvas.height) * Math.sqrt(12);
  // Ramps lie inside of a mask's edges there, so its edges move outward, but for those at the canvas's border.
  const span = (from: number, size: number, edge: number) => {
    const [start, end] = [from * edge, (from + size) * edge];
    const [low, high] = [start < 0.5 ? 0 : ramp, end > edge - 0.5 ? 0 : ramp];
    const first = Math.max(0, Math.round(start - low / 2)), last = Math.min(edge, Math.round(end + high / 2));
    return { first, size: Math.max(1, last - first), low: Math.round(low), high: Math.round(high) };
  };
  const across = span(x, width, canvas.width), down = span(y, height, canvas.height);
  const source = builder.add("FeatherMask", {
    mask: builder.add("SolidMask", { value: 1, width: across.size, height: down.size }),
    ...{ left: across.low, right: across.high, top: down.low, bottom: down.high },
  });
  const mask = builder.add("MaskComposite", {
    destination: builder.add("SolidMask", { value: 0, width: canvas.width, height: canvas.height }),
    ...{ source, x: across.first, y: down.first, operation: "add" },
  });
  return { mask, place: JSON.stringify([rectangle, feather]), approximated: true, file: null };
}

/** A file of the name of its asset; ComfyUI's alpha is what is left of the file's. */
function paintedMask(builder: WorkflowBuilder, { asset, channel, colour, inverted }: MaskShape) {
  const file = `${asset}.png`;
  const read = channel === "COLOUR"
    ? builder.add("ImageColorToMask", {
      image: builder.add("LoadImage", { image: file }),
      color: Number.parseInt(colour?.slice(1) ?? "0", 16),
    })
    : builder.add("LoadImageMask", { image: file, channel: channel === "ALPHA" ? "alpha" : "red" });
  const flipped = inverted !== (channel === "ALPHA");
  return { mask: flipped ? builder.add("InvertMask", { mask: read }) : read, file };
}

/** The geometry on a grid, if it is made of rectangles. */
function gridOf(layout: Layout, geometry: Geometry, canvas: Canvas, region: Region): MaskGrid | undefined {
  const { width, height } = canvas;
  const empty = solid(0, width, height);
  const union = (shapes: readonly Shape[]) =>
    shapes.reduce<MaskGrid | undefined>((all, shape) => {
      const own = gridOf(layout, shape, canvas, region);
      return all === undefined || own === undefined ? undefined : composite(all, own, 0, 0, "or");
    }, empty);
  switch (geometry.kind) {
    case "RECTANGLE":
    case "CELL": {
      const rectangle = rectangleOf(layout, geometry);
      if (rectangle === undefined) return undefined;
      const source = solid(1, rectangle.width * width, rectangle.height * height);
      return composite(empty, source, rectangle.x * width, rectangle.y * height, "or");
    }
    case "UNION":
      return union(geometry.of);
    case "SUBTRACTION": {
      const from = union([geometry.from]), rest = union(geometry.subtract);
      return from === undefined || rest === undefined ? undefined : composite(from, rest, 0, 0, "subtract");
    }
    case "REST": {
      const others = layout.regions.filter((other) => other !== region && other.enabled);
      const covered = union(others.flatMap(({ geometry: own }) => own.kind === "REST" ? [] : [own]));
      return covered === undefined ? undefined : mapped(covered, (value) => 1 - value);
    }
    default:
      return undefined;
  }
}

/** Any geometry that needs no image, painted or found, cut into small rectangles. */
function raster(layout: Layout, region: Region, { width, height }: Canvas): MaskGrid | undefined {
  const regions = layout.regions.filter(({ enabled, geometry }) => enabled || geometry === region.geometry)
    .map((own) => ({ ...own, enabled: true, feather: 0, baseRatio: 0 }));
  const wanted = region.geometry.kind === "REST" ? regions : regions.filter(({ name }) => name === region.name);
  if (wanted.some(({ geometry }) => needsImage(geometry))) return undefined;
  const drawn = { ...layout, holes: "BASE", overlap: "NORMALIZE", regions: wanted } as const;
  const { data } = exactWeightMaps(drawn, { width: RASTER, height: RASTER, factor: 1 });
  const own = wanted.findIndex(({ name }) => name === region.name) + 1;
  const values = Float64Array.from(data.subarray(own * RASTER ** 2, (own + 1) * RASTER ** 2), Math.round);
  const steps = (edge: number) => Array.from({ length: RASTER + 1 }, (_, i) => i * edge / RASTER);
  return mapped({ width, height, columns: steps(width), rows: steps(height), values, ramp: 0 }, (value) => value);
}

function needsImage(geometry: Geometry): boolean {
  if (geometry.kind === "UNION") return geometry.of.some(needsImage);
  if (geometry.kind === "SUBTRACTION") return [geometry.from, ...geometry.subtract].some(needsImage);
  return geometry.kind === "MASK" || geometry.kind === "WORDS";
}

/** Draws a grid's rectangles on an empty mask of the canvas's size. */
function draw(builder: WorkflowBuilder, grid: MaskGrid, approximated: boolean): ExportedMask | undefined {
  const { geometry } = coveredBy(grid);
  if (geometry === null) return undefined;
  const { width, height } = grid;
  let mask = builder.add("SolidMask", { value: 0, width, height }), moved = approximated;
  const lay = (rectangle: Rectangle, operation: "add" | "subtract") => {
    const [left, right] = edges(rectangle.x, rectangle.width, width);
    const [top, bottom] = edges(rectangle.y, rectangle.height, height);
    const exact = [rectangle.x * width - left, (rectangle.x + rectangle.width) * width - right];
    exact.push(rectangle.y * height - top, (rectangle.y + rectangle.height) * height - bottom);
    moved ||= exact.some((by) => Math.abs(by) > 1e-6);
    if (right === left || bottom === top) return;
    const source = builder.add("SolidMask", { value: 1, width: right - left, height: bottom - top });
    mask = builder.add("MaskComposite", { destination: mask, source, x: left, y: top, operation });
  };
  const { rectangle, union, subtraction } = geometry;
  for (const part of union ?? (subtraction ? [subtraction.from] : [{ rectangle }])) {
    if (part.rectangle) lay(part.rectangle, "add");
  }
  for (const hole of subtraction?.subtract ?? []) if (hole.rectangle) lay(hole.rectangle, "subtract");
  return { mask, place: JSON.stringify(geometry), approximated: moved, file: null };
}

function edges(from: number, size: number, edge: number): readonly [number, number] {
  return [Math.round(from * edge), Math.round((from + size) * edge)];
}
