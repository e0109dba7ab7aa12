/** The layout as clients send it. */

import { builder } from "./builder.ts";

export const OverlapEnum = builder.enumType("Overlap", {
  description: "How regions share a place that several of them cover.",
  values: {
    NORMALIZE: { description: "In proportion to their weights." },
    Z_ORDER: { description: "The one with the higher z first; weights are ignored." },
  } as const,
});

export const HolesEnum = builder.enumType("Holes", {
  description: "Who paints what no region covers.",
  values: {
    BASE: { description: "The base prompt." },
    NEAREST: { description: "The nearest region." },
    ERROR: { description: "Nobody: the layout is rejected, with the uncovered share." },
  } as const,
});

export const GridDirectionEnum = builder.enumType("GridDirection", {
  description: "How a row of ratios cuts the canvas.",
  values: {
    COLUMNS: { description: "Numbers separated by `,` are columns from left to right; `;` separates rows of them." },
    ROWS: { description: "Numbers separated by `,` are rows from top to bottom; `;` separates columns of them." },
  } as const,
});

const GridInput = builder.inputType("GridInput", {
  description: "Cuts the canvas into cells. Regions without geometry take the cells in order.",
  fields: (t) => ({
    direction: t.field({ type: GridDirectionEnum, required: true, description: "How `ratios` cut the canvas." }),
    ratios: t.string({
      required: true,
      description:
        "Relative sizes, for instance `1,2,1`. With `;` the grid is two-dimensional and the first number of each part is that part's own size: `1,2,1,1;2,4,6` is two rows, 1:2 high, cut 2:1:1 and 4:6.",
    }),
  }),
});

const RectangleInput = builder.inputType("RectangleInput", {
  description: "A rectangle in fractions of the canvas, inside it, with positive area.",
  fields: (t) => ({
    x: t.float({ required: true, description: "Left edge, 0 (left) to 1 (right)." }),
    y: t.float({ required: true, description: "Top edge, 0 (top) to 1 (bottom)." }),
    width: t.float({ required: true, description: "Width, greater than 0; x + width is at most 1." }),
    height: t.float({ required: true, description: "Height, greater than 0; y + height is at most 1." }),
  }),
});

const PointInput = builder.inputType("PointInput", {
  description: "A point in fractions of the canvas.",
  fields: (t) => ({
    x: t.float({ required: true, description: "0 (left) to 1 (right)." }),
    y: t.float({ required: true, description: "0 (top) to 1 (bottom)." }),
  }),
});

const PolygonInput = builder.inputType("PolygonInput", {
  description: "A closed polygon; where it crosses itself, the even-odd rule decides what is inside.",
  fields: (t) => ({
    points: t.field({ type: [PointInput], required: true, description: "At least three corners, in order." }),
  }),
});

const GeometryInput = builder.inputType("GeometryInput", {
  description: "Where a region lies: exactly one field is set.",
  isOneOf: true,
  fields: (t) => ({
    rectangle: t.field({ type: RectangleInput, description: "A rectangle." }),
    polygon: t.field({ type: PolygonInput, description: "A polygon." }),
    cell: t.int({ description: "A cell of the layout's grid, counted from 0 in the order the ratios are written." }),
  }),
});

const RegionInput = builder.inputType("RegionInput", {
  description: "A prompt and the place that it paints.",
  fields: (t) => ({
    name: t.string({ description: "Unique within the layout. Default: `region 1`, `region 2`, ..." }),
    geometry: t.field({
      type: GeometryInput,
      description: "Where it lies. Required without a grid; with one, the default is the next free cell.",
    }),
    prompt: t.string({ required: true, description: "What to paint there. May be empty; of any length." }),
    negativePrompt: t.string({ description: "What to keep away from there. Default: the layout's." }),
    weight: t.float({ description: "Share in overlaps relative to other regions, greater than 0. Default 1." }),
    baseRatio: t.float({ description: "Share that is left to the base prompt, 0 to 1. Default 0." }),
    feather: t.float({
      description: "Softness of the border as a fraction of the canvas's short edge, 0 to 0.5. Default 0.",
    }),
    z: t.float({ description: "Order under `Z_ORDER`; higher is in front. Default 0." }),
    start: t.float({ description: "When it begins to paint, as a fraction of the steps. Default 0." }),
    end: t.float({ description: "When it stops painting, as a fraction of the steps, after `start`. Default 1." }),
    guidanceScale: t.float({ description: "Guidance of this region, 0 to 100. Default: the generation's." }),
  }),
});

/** The argument type of layouts. */
export const LayoutInput = builder.inputType("LayoutInput", {
  description: "Which prompt goes where. Coordinates are fractions, so a layout fits any size.",
  fields: (t) => ({
    commonPrompt: t.string({ description: "Put before the base prompt and every region's prompt. Default: empty." }),
    basePrompt: t.string({
      description: "Paints what regions leave: holes, and the base ratio's share. Default: empty.",
    }),
    negativePrompt: t.string({ description: "What to keep away from the whole picture. Default: empty." }),
    overlap: t.field({ type: OverlapEnum, description: "Default NORMALIZE." }),
    holes: t.field({ type: HolesEnum, description: "Default BASE." }),
    grid: t.field({ type: GridInput, description: "Cells for regions. Default: none." }),
    regions: t.field({
      type: [RegionInput],
      description: "The regions. Without any, the base prompt paints the whole picture.",
    }),
  }),
});
