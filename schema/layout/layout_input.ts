/** The layout as clients send it. */

import type { GeometrySpec, Grid, MaskChannel, Point } from "../../layout/layout.ts";
import { builder } from "../builder.ts";

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

export const CommonPlacementEnum = builder.enumType("CommonPlacement", {
  description: "Where the common prompt stands.",
  values: {
    PREFIX: { description: "Before: `common, prompt`." },
    SUFFIX: { description: "Behind: `prompt, common`." },
  } as const,
});

export const PromptSyntaxEnum = builder.enumType("PromptSyntax", {
  description: "How prompts are read.",
  values: {
    WEIGHTED: {
      description:
        "`(word:1.2)`, `(word)`, `[word]`, `[from:to:0.4]`, `[a|b]`, `BREAK`; a backslash takes a bracket as it stands.",
    },
    PLAIN: { description: "Every character is text." },
  } as const,
});

export const MaskChannelEnum = builder.enumType("MaskChannel", {
  description: "What of a mask image is its coverage.",
  values: {
    ALPHA: { description: "Its alpha: opaque is covered." },
    LUMINANCE: { description: "Its luminance times its alpha: white is covered, black is not." },
    COLOUR: { description: "The pixels of one colour." },
  } as const,
});

interface GridShape {
  direction: Grid["direction"];
  ratios: string;
  nested?: { cell: number; grid: GridShape }[] | null;
}

const GridInput = builder.inputRef<GridShape>("GridInput");

const NestedGridInput = builder.inputRef<{ cell: number; grid: GridShape }>("NestedGridInput").implement({
  description: "A grid inside of a cell of another one.",
  fields: (t) => ({
    cell: t.int({ required: true, description: "The cell it cuts, counted among that grid's own ratios from 0." }),
    grid: t.field({ type: GridInput, required: true, description: "How the cell is cut." }),
  }),
});

GridInput.implement({
  description:
    "Cuts the canvas into cells. Regions without geometry take the cells in order; a nested grid's cells take the place of the cell that it cuts.",
  fields: (t) => ({
    direction: t.field({ type: GridDirectionEnum, required: true, description: "How `ratios` cut the canvas." }),
    ratios: t.string({
      required: true,
      description:
        "Relative sizes, for instance `1,2,1`. With `;` the grid is two-dimensional and the first number of each part is that part's own size: `1,2,1,1;2,4,6` is two rows, 1:2 high, cut 2:1:1 and 4:6.",
    }),
    nested: t.field({
      type: [NestedGridInput],
      description: "Grids inside of cells, at most one each. Default: none.",
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
    holes: t.field({
      type: t.listRef(t.listRef(PointInput)),
      description: "Polygons that are cut out of it. Default: none.",
    }),
  }),
});

const EllipseInput = builder.inputType("EllipseInput", {
  description: "An ellipse in fractions of the canvas, inside it.",
  fields: (t) => ({
    cx: t.float({ required: true, description: "Centre, 0 (left) to 1 (right)." }),
    cy: t.float({ required: true, description: "Centre, 0 (top) to 1 (bottom)." }),
    rx: t.float({ required: true, description: "Horizontal radius as a fraction of the width, greater than 0." }),
    ry: t.float({ required: true, description: "Vertical radius as a fraction of the height, greater than 0." }),
  }),
});

const MaskInput = builder.inputType("MaskInput", {
  description: "A painted mask: an uploaded image, stretched over the canvas.",
  fields: (t) => ({
    asset: t.string({
      required: true,
      description: "The image: the `id` that `uploadMask` answered, or the `url` under which this server offers it.",
    }),
    channel: t.field({
      type: MaskChannelEnum,
      description: "What of the image is the mask. Default: COLOUR if `colour` is set, else LUMINANCE.",
    }),
    colour: t.string({
      description: "`#rrggbb`: whose pixels are covered. Required by COLOUR, refused by the others.",
    }),
    inverted: t.boolean({ description: "Covers what it would leave, and the other way round. Default false." }),
  }),
});

/** {@link GeometrySpec} with the lists that the builder takes. */
interface GeometryShape {
  rectangle?: GeometrySpec["rectangle"];
  ellipse?: GeometrySpec["ellipse"];
  polygon?: { points: Point[]; holes?: Point[][] | null } | null;
  cell?: number | null;
  mask?: { asset: string; channel?: MaskChannel | null; colour?: string | null; inverted?: boolean | null } | null;
  union?: GeometryShape[] | null;
  subtraction?: { from: GeometryShape; subtract: GeometryShape[] } | null;
  rest?: boolean | null;
}

const GeometryInput = builder.inputRef<GeometryShape>("GeometryInput");

const SubtractionInput = builder.inputRef<{ from: GeometryShape; subtract: GeometryShape[] }>("SubtractionInput")
  .implement({
    description: "A shape, less others.",
    fields: (t) => ({
      from: t.field({ type: GeometryInput, required: true, description: "What is cut." }),
      subtract: t.field({ type: [GeometryInput], required: true, description: "What is cut out of it; at least one." }),
    }),
  });

GeometryInput.implement({
  description: "Where a region lies: exactly one field is set.",
  isOneOf: true,
  fields: (t) => ({
    rectangle: t.field({ type: RectangleInput, description: "A rectangle." }),
    ellipse: t.field({ type: EllipseInput, description: "An ellipse." }),
    polygon: t.field({ type: PolygonInput, description: "A polygon." }),
    cell: t.int({ description: "A cell of the layout's grid, counted from 0 in the order the ratios are written." }),
    mask: t.field({ type: MaskInput, description: "A painted mask." }),
    union: t.field({ type: [GeometryInput], description: "All that any of these shapes covers." }),
    subtraction: t.field({ type: SubtractionInput, description: "A shape, less others." }),
    rest: t.boolean({
      description:
        "True: what no other region covers. For one region of a layout, and not inside of a union or subtraction.",
    }),
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
    prompt: t.string({
      required: true,
      description: "What to paint there. May be empty; a long one takes several chunks.",
    }),
    style: t.string({ description: "Put behind the prompt: `prompt, style`. Default: empty." }),
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
    seed: t.field({
      type: "Seed",
      description: "Seed of its part of the noise, to paint it anew and keep the rest. Default: the generation's.",
    }),
    enabled: t.boolean({ description: "False keeps the region but paints nothing of it. Default true." }),
  }),
});

/** The argument type of layouts. */
export const LayoutInput = builder.inputType("LayoutInput", {
  description: "Which prompt goes where. Coordinates are fractions, so a layout fits any size.",
  fields: (t) => ({
    aspect: t.float({
      description:
        "Width / height of the canvas it is made for. A generation that gives one edge takes the other from it; one that gives none takes both, with about the area of the model's native size; each is rounded to the nearest multiple that the model paints. Default: none.",
    }),
    promptSyntax: t.field({ type: PromptSyntaxEnum, description: "How prompts are read. Default WEIGHTED." }),
    commonPrompt: t.string({ description: "Joined to the base prompt and to every region's prompt. Default: empty." }),
    commonNegativePrompt: t.string({ description: "Joined to every negative prompt in the same way. Default: empty." }),
    commonPlacement: t.field({
      type: CommonPlacementEnum,
      description: "Where both common prompts stand. Default PREFIX.",
    }),
    basePrompt: t.string({
      description: "Paints what regions leave: holes, and the base ratio's share. Default: empty.",
    }),
    negativePrompt: t.string({
      description: "What to keep away from the base, and from every region without its own. Default: empty.",
    }),
    overlap: t.field({ type: OverlapEnum, description: "Default NORMALIZE." }),
    holes: t.field({ type: HolesEnum, description: "Default BASE." }),
    grid: t.field({ type: GridInput, description: "Cells for regions. Default: none." }),
    regions: t.field({
      type: [RegionInput],
      description: "The regions. Without any, the base prompt paints the whole picture.",
    }),
  }),
});
