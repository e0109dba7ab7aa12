/** The layout as clients read it: what `LayoutInput` says, with every default filled in. */

import type {
  Grid as LayoutGrid,
  Layout as ResolvedLayout,
  NestedGrid,
  Region as LayoutRegion,
} from "../../layout/layout.ts";
import { formatPath } from "../../errors.ts";
import { type LayoutPromptWarning, promptWarnings } from "../../layout/prompt_warnings.ts";
import { specOfGeometry, specOfLayout } from "../../layout/spec_of.ts";
import { builder } from "../builder.ts";
import { Geometry } from "./geometry.ts";
import {
  CommonPlacementEnum,
  GridDirectionEnum,
  HolesEnum,
  OverlapEnum,
  PromptEmphasisEnum,
  PromptSyntaxEnum,
} from "./layout_input.ts";
import { beforeReading } from "./prompt_characters.ts";
import { PromptWarningCodeEnum } from "./prompt_report.ts";
import { LoraUseRef } from "../model/lora_input.ts";
import { ofItsField } from "../turn.ts";

const Grid = builder.objectRef<LayoutGrid>("Grid");

const NestedGridType = builder.objectRef<NestedGrid>("NestedGrid").implement({
  description: "A grid inside of a cell of another one.",
  fields: (t) => ({
    cell: t.exposeInt("cell", { description: "The cell it cuts, counted among that grid's own ratios from 0." }),
    grid: t.field({ type: Grid, description: "How the cell is cut.", resolve: ({ grid }) => grid }),
  }),
});

Grid.implement({
  description: "Cuts the canvas into cells.",
  fields: (t) => ({
    direction: t.field({
      type: GridDirectionEnum,
      description: "How `ratios` cut the canvas.",
      resolve: ({ direction }) => direction,
    }),
    ratios: t.exposeString("ratios", { description: "Relative sizes, for instance `1,2,1`." }),
    nested: t.field({
      type: [NestedGridType],
      description: "Grids inside of cells.",
      resolve: ({ nested }) => [...nested],
    }),
  }),
});

/** A region of a layout. */
export const RegionType = builder.objectRef<LayoutRegion>("Region").implement({
  description: "A region as it was understood, defaults filled in.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "Unique within the layout." }),
    geometry: t.field({ type: Geometry, description: "Where it lies.", resolve: ({ geometry }) => geometry }),
    geometryJson: t.field({
      type: "JSON",
      description: "Where it lies, in the form of `GeometryInput`, however deep unions and subtractions go.",
      resolve: ({ geometry }) => specOfGeometry(geometry),
    }),
    prompt: t.exposeString("prompt", { description: "Its own prompt, without style and common prompt." }),
    style: t.exposeString("style", { description: "Put behind the prompt; empty for none." }),
    negativePrompt: t.exposeString("negativePrompt", { description: "Null: the layout's.", nullable: true }),
    weight: t.exposeFloat("weight", { description: "Share in overlaps." }),
    baseRatio: t.exposeFloat("baseRatio", { description: "Share left to the base prompt." }),
    feather: t.exposeFloat("feather", { description: "Softness of the border, in short edges." }),
    z: t.exposeFloat("z", { description: "Order under `Z_ORDER`; higher is in front." }),
    start: t.exposeFloat("start", { description: "When it begins to paint, as a fraction of the steps." }),
    end: t.exposeFloat("end", { description: "When it stops painting, as a fraction of the steps." }),
    guidanceScale: t.exposeFloat("guidanceScale", {
      nullable: true,
      description: "Guidance of this region; null: the generation's.",
    }),
    seed: t.field({
      type: "Seed",
      nullable: true,
      description: "Seed of its part of the noise; null: the generation's.",
      resolve: ({ seed }) => seed,
    }),
    loras: t.field({
      type: [LoraUseRef],
      description: "LoRAs for its prompt alone, beside those that the prompt names.",
      resolve: ({ loras }) => [...loras ?? []],
    }),
    enabled: t.exposeBoolean("enabled", { description: "False: it is kept, but paints and covers nothing." }),
  }),
});

const LayoutPromptWarningRef = builder.objectRef<LayoutPromptWarning>("LayoutPromptWarning").implement({
  description: "Something in a prompt of a layout that may not mean what its author thinks.",
  fields: (t) => ({
    code: t.field({ type: PromptWarningCodeEnum, description: "What it is about.", resolve: ({ code }) => code }),
    message: t.exposeString("message", { description: "In words." }),
    field: t.string({
      description: "The layout's field that it stands in, for instance `regions[1].prompt`.",
      resolve: ({ path }) => formatPath(path),
    }),
    position: t.exposeInt("position", { description: "Where in that field, in UTF-16 units from 0." }),
  }),
});

/** The output type of layouts. */
export const LayoutType = builder.objectRef<ResolvedLayout>("Layout").implement({
  description: "Which prompt goes where, as it was understood: every default filled in.",
  fields: (t) => ({
    aspect: t.exposeFloat("aspect", {
      nullable: true,
      description: "Width / height of the canvas it is made for; null: any.",
    }),
    promptSyntax: t.field({
      type: PromptSyntaxEnum,
      description: "How prompts are read.",
      resolve: ({ promptSyntax }) => promptSyntax,
    }),
    emphasis: t.field({
      type: PromptEmphasisEnum,
      description: "How the weights of prompts are read.",
      resolve: ({ emphasis }) => emphasis,
    }),
    commonPrompt: t.exposeString("commonPrompt", {
      description: "Joined to the base prompt and to every region's prompt.",
    }),
    commonNegativePrompt: t.exposeString("commonNegativePrompt", { description: "Joined to every negative prompt." }),
    commonPlacement: t.field({
      type: CommonPlacementEnum,
      description: "Where both common prompts stand.",
      resolve: ({ commonPlacement }) => commonPlacement,
    }),
    basePrompt: t.exposeString("basePrompt", {
      description: "Paints what regions leave: holes, and the base ratio's share.",
    }),
    negativePrompt: t.exposeString("negativePrompt", {
      description: "What to keep away from the base, and from every region without its own.",
    }),
    overlap: t.field({
      type: OverlapEnum,
      description: "How regions share what several cover.",
      resolve: ({ overlap }) => overlap,
    }),
    holes: t.field({
      type: HolesEnum,
      description: "Who paints what no region covers.",
      resolve: ({ holes }) => holes,
    }),
    grid: t.field({
      type: Grid,
      nullable: true,
      description: "Cells for regions; null without a grid.",
      resolve: ({ grid }) => grid,
    }),
    regions: t.field({ type: [RegionType], description: "The regions.", resolve: ({ regions }) => [...regions] }),
    promptWarnings: t.field({
      type: [LayoutPromptWarningRef],
      description:
        "What in its prompts may not be meant so, as far as it can be told without a model and a number of steps; empty if nothing.",
      resolve: async (layout, _args, context) => {
        await ofItsField(context, beforeReading(layout, context));
        return [...promptWarnings(layout)];
      },
    }),
    json: t.field({
      type: "JSON",
      description:
        "The layout in the form of `LayoutInput`, defaults left out: pass it as a variable, keep it as a file. The server offers its JSON Schema at `/layout.schema.json`.",
      resolve: specOfLayout,
    }),
  }),
});
