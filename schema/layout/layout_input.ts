/** The layout as clients send it. */

import type { Grid } from "../../layout/layout.ts";
import { BASE_RATIO, FEATHER, GUIDANCE, rangeOf } from "../../layout/limits.ts";
import { MAX_LORAS } from "../../layout/loras.ts";
import { builder } from "../builder.ts";
import { LoraInput } from "../model/lora_input.ts";
import { GeometryInput } from "./geometry_input.ts";

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

export const PromptEmphasisEnum = builder.enumType("PromptEmphasis", {
  description: "How the weights of prompts are read.",
  values: {
    NO_NORM: { description: "A token's state times its weight, as AUTOMATIC1111's \"No norm\"." },
    A1111: { description: 'That, and the mean of each chunk restored, as AUTOMATIC1111\'s "Original".' },
    COMFY: { description: "From the empty prompt's state through the token's own and beyond, as ComfyUI." },
    COMPEL: {
      description:
        "That, and a blend with the prompt without the words that weigh less than 1, as Compel's `DownweightMode.REMOVE`. Weights from 0.",
    },
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
    baseRatio: t.float({ description: `Share that is left to the base prompt, ${rangeOf(BASE_RATIO)}. Default 0.` }),
    feather: t.float({
      description: `Softness of the border as a fraction of the canvas's short edge, ${rangeOf(FEATHER)}. Default 0.`,
    }),
    z: t.float({ description: "Order under `Z_ORDER`; higher is in front. Default 0." }),
    start: t.float({ description: "When it begins to paint, as a fraction of the steps. Default 0." }),
    end: t.float({ description: "When it stops painting, as a fraction of the steps, after `start`. Default 1." }),
    guidanceScale: t.float({
      description: `Guidance of this region, ${rangeOf(GUIDANCE)}. Default: the generation's.`,
    }),
    seed: t.field({
      type: "Seed",
      description: "Seed of its part of the noise, to paint it anew and keep the rest. Default: the generation's.",
    }),
    loras: t.field({
      type: [LoraInput],
      description:
        `LoRAs for its prompt alone, at most ${MAX_LORAS}, beside those that the prompt names; see \`regionalLora\`. Default: none.`,
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
    emphasis: t.field({ type: PromptEmphasisEnum, description: "How their weights are read. Default NO_NORM." }),
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
