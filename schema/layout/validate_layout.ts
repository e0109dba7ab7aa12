/** The dry run of a layout: what it would do, before anything is painted. */

import type { ModelConfig } from "../../compute/model/config.ts";
import { activationBytes } from "../../compute/model/inspect.ts";
import { pictureBytes } from "../../compute/pipeline/picture_memory.ts";
import { parallelOf } from "../../jobs/aides/parallel.ts";
import { stepsInAll } from "../../jobs/pictures.ts";
import type { GenerationRequest } from "../../jobs/request.ts";
import { readyTogether } from "../../jobs/workers.ts";
import type { Draft } from "../../requests/drafting/drafter.ts";
import { InvalidInputErrors } from "../../errors.ts";
import { COVERED } from "../../layout/weights/blend.ts";
import { hex, regionColour } from "../../layout/picture/palette.ts";
import { parsePrompt } from "../../layout/prompt/parse.ts";
import { parsedPrompts } from "../../layout/prompts.ts";
import type { LayoutReport, LayoutWarning, LevelReport, RegionReport } from "../../layout/report/report.ts";
import { builder } from "../builder.ts";
import { embeddingFinder } from "../model/embeddings.ts";
import { Image, ImageFormatEnum } from "../image.ts";
import { loraFinder } from "../../requests/check_loras.ts";
import { loraBytes, loraWarnings } from "../../requests/lora_warnings.ts";
import { predictionsByStep } from "../../requests/predicted_work.ts";
import { LayoutInput } from "./layout_input.ts";
import { LayoutWarningRef, sizeWarnings, workerWarnings } from "./layout_warnings.ts";
import { ParallelPlanRef } from "./parallel.ts";
import { type PromptReport, promptReporter, PromptReportRef } from "./prompt_report.ts";
import { drafted, requireCoverage, resolveInput } from "../generation/resolve_input.ts";
import { paintingFields } from "../generation/painting_fields.ts";
import { SavedLayoutInput } from "./saved_layout.ts";
import { BudgetExceededError, BusyError, ofItsField, turnOf } from "../turn.ts";

/** A prompt for each map is made with the layout; this one keeps the types honest. */
const NO_PROMPT = parsePrompt("", "PLAIN");

/** A region's report with what its prompts cost. */
interface RegionCheck extends RegionReport {
  readonly index: number;
  readonly prompt: PromptReport;
  readonly negativePrompt: PromptReport;
}

interface LayoutCheck {
  readonly request: GenerationRequest;
  readonly draft: Draft;
  readonly report: LayoutReport;
  readonly base: PromptReport;
  readonly baseNegative: PromptReport;
  readonly regions: readonly RegionCheck[];
  readonly etaMs: number | null;
  readonly config: ModelConfig;
  readonly guidanceEmbedded: boolean;
  readonly loraWarnings: readonly LayoutWarning[];
  /** Bytes of the files of all its LoRAs. */
  readonly loraBytes: number;
}

const LevelReportRef = builder.objectRef<LevelReport>("LevelReport").implement({
  description: "What a region gets on one resolution level of the model.",
  fields: (t) => ({
    level: t.exposeInt("level", { description: "0 is the latent grid; each further level halves it." }),
    width: t.exposeInt("width", { description: "Cells of the level's grid." }),
    height: t.exposeInt("height", { description: "Cells of the level's grid." }),
    touched: t.exposeFloat("touched", {
      description: "Share of the cells in which the region has any weight, 0 to 1.",
    }),
    cells: t.exposeFloat("cells", { description: "The sum of its weights: how many whole cells that is worth." }),
    maximum: t.exposeFloat("maximum", { description: "Its largest weight in any cell, 0 to 1." }),
  }),
});

const RegionCheckRef = builder.objectRef<RegionCheck>("RegionReport").implement({
  description: "What a region will get.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "The region's name." }),
    colour: t.string({
      description: "Its colour in the layout's picture, for instance `#4477aa`.",
      resolve: ({ index }) => hex(regionColour(index)),
    }),
    enabled: t.exposeBoolean("enabled", { description: "Whether it paints; a disabled region gets nothing." }),
    share: t.exposeFloat("share", {
      nullable: true,
      description:
        "Mean weight over the canvas, 0 to 1; with the base these sum to 1. Null for a region that is found by words: it is not known before they are found.",
    }),
    covered: t.exposeFloat("covered", {
      nullable: true,
      description: "Share of the canvas that its geometry covers, 0 to 1; null for a region that is found by words.",
    }),
    prompt: t.field({ type: PromptReportRef, description: "Its prompt.", resolve: ({ prompt }) => prompt }),
    negativePrompt: t.field({
      type: PromptReportRef,
      description: "Its negative prompt, or the layout's where it has none.",
      resolve: ({ negativePrompt }) => negativePrompt,
    }),
    levels: t.field({
      type: [LevelReportRef],
      description: "Level by level, the latent grid first; empty for a region that is found by words.",
      resolve: ({ levels }) => [...levels],
    }),
    deepestLevel: t.exposeInt("deepestLevel", {
      description: "The deepest level, that of the fewest cells, on which it has any weight; null if there is none.",
      nullable: true,
    }),
    deepestSolidLevel: t.exposeInt("deepestSolidLevel", {
      description: "The deepest level with a cell that is at least half its own; null if there is none.",
      nullable: true,
    }),
  }),
});

const Box = builder.objectRef<{ x: number; y: number; width: number; height: number }>("Box").implement({
  description: "A rectangle in fractions of the canvas.",
  fields: (t) => ({
    x: t.exposeFloat("x", { description: "Left edge." }),
    y: t.exposeFloat("y", { description: "Top edge." }),
    width: t.exposeFloat("width", { description: "Width." }),
    height: t.exposeFloat("height", { description: "Height." }),
  }),
});

const Holes = builder.objectRef<LayoutReport["holes"]>("HoleReport").implement({
  description: "What no region covers.",
  fields: (t) => ({
    share: t.exposeFloat("share", { description: "Share of the canvas, 0 to 1." }),
    boxes: t.field({
      type: [Box],
      description: "Bounding boxes of the connected holes, the largest first, at most 16.",
      resolve: ({ boxes }) => [...boxes],
    }),
    more: t.exposeInt("more", { description: "How many smaller holes there are beyond those." }),
  }),
});

const LayoutCheckRef = builder.objectRef<LayoutCheck>("LayoutReport").implement({
  description: "A dry run: what a layout would do at a size, on a model.",
  fields: (t) => ({
    model: t.string({ description: "The model it was checked for.", resolve: ({ request }) => request.model }),
    width: t.int({ description: "Pixels.", resolve: ({ request }) => request.width }),
    height: t.int({ description: "Pixels.", resolve: ({ request }) => request.height }),
    baseShare: t.float({
      description:
        "Mean weight of the base prompt over the canvas, 0 to 1; where regions are found by words, as long as they are not found.",
      resolve: ({ report }) => report.baseShare,
    }),
    base: t.field({ type: PromptReportRef, description: "The base prompt.", resolve: ({ base }) => base }),
    baseNegative: t.field({
      type: PromptReportRef,
      description: "The layout's negative prompt.",
      resolve: ({ baseNegative }) => baseNegative,
    }),
    regions: t.field({
      type: [RegionCheckRef],
      description: "Region by region, in the layout's order.",
      resolve: ({ regions }) => [...regions],
    }),
    overlaps: t.field({
      type: t.listRef(t.listRef("Float")),
      description:
        "Row and column are regions: the share of the canvas that both cover. The diagonal is a region's own. Regions that are found by words have 0 here, as long as they are not found.",
      resolve: ({ report }) => report.overlaps.map((row) => [...row]),
    }),
    holes: t.field({
      type: Holes,
      description: "What no region covers; regions that are found by words cover nothing before.",
      resolve: ({ report }) => report.holes,
    }),
    warnings: t.field({
      type: [LayoutWarningRef],
      description: "What to know before painting.",
      resolve: async ({ report, request, config, loraWarnings }, _args, { services }) => [
        ...report.warnings,
        ...loraWarnings,
        ...sizeWarnings(request, config.nativeSize),
        ...await workerWarnings(request.model, services.workers),
      ],
    }),
    steps: t.int({
      description:
        "Denoising steps that are taken, of all passes and pictures: fewer than asked for where a picture is the start.",
      resolve: ({ request }) => stepsInAll(request),
    }),
    parallel: t.field({
      type: ParallelPlanRef,
      description: "What of it several workers can compute at once.",
      resolve: async ({ request, guidanceEmbedded }, _args, { services }) => {
        const workers = await services.workers.list().catch(() => []); // Redis may be away
        return { ...parallelOf(request, { guidanceEmbedded }), workers: readyTogether(workers, request.model) };
      },
    }),
    etaSeconds: t.float({
      description: "Estimated seconds of computing, of all pictures; null until the model has been loaded here.",
      nullable: true,
      resolve: ({ etaMs }) => etaMs === null ? null : etaMs / 1000,
    }),
    memoryBytes: t.float({
      description:
        "Estimated bytes of memory that the model takes for a picture of this size, its weights and the files of its LoRAs included; null if its folder has just become unusable. Beside a model that is in memory without the LoRAs, one with them takes as much again only where there is room.",
      nullable: true,
      resolve: async ({ request, config, loraBytes }, _args, { services }) => {
        const inspection = await services.catalog.inspect(request.model);
        if (!inspection.usable) return null;
        const picture = pictureBytes(config, request);
        return inspection.memoryBytes - activationBytes(config) + picture + loraBytes;
      },
    }),
    svg: t.string({
      description:
        "The layout drawn as an SVG document without scripts and outside references, to be shown as an image: regions as shapes in their colours, feathers as blurs, holes hatched.",
      resolve: ({ draft }, _args, context) => ofItsField(context, context.services.drafter.svg(draft, turnOf(context))),
    }),
    picture: t.field({
      description: "The layout drawn in pixels: regions in their colours, holes hatched.",
      type: Image,
      args: {
        format: t.arg({ type: ImageFormatEnum, defaultValue: "PNG", description: "File format." }),
      },
      resolve: ({ request: { width, height }, draft }, { format }, context) => {
        const chosen = format ?? "PNG";
        const draw = () => ofItsField(context, context.services.drafter.picture(draft, chosen, turnOf(context)));
        return { width, height, format: chosen, url: null, bytes: draw };
      },
    }),
  }),
});

const ValidateLayoutInput = builder.inputType("ValidateLayoutInput", {
  description: "A layout, and what it is to be checked for.",
  fields: (t) => ({
    layout: t.field({ type: LayoutInput, description: "The layout. Exactly one of this and `savedLayout` is set." }),
    savedLayout: t.field({ type: SavedLayoutInput, description: "Or a saved one." }),
    ...paintingFields(t),
  }),
});

builder.queryField("validateLayout", (t) =>
  t.field({
    description:
      "A dry run: coverage, overlaps, holes, tokens, warnings, an estimate and a picture, without generating anything.",
    type: LayoutCheckRef,
    errors: {
      types: [InvalidInputErrors, BudgetExceededError, BusyError],
      union: { name: "ValidateLayoutResult", description: "The dry run, or why there is none." },
    },
    args: { input: t.arg({ type: ValidateLayoutInput, required: true, description: "What to check." }) },
    resolve: async (_root, { input }, context) => {
      const { services } = context;
      const resolved = await resolveInput(input, context);
      const { request, model: { config, capabilities }, images } = resolved;
      const find = embeddingFinder(services.catalog, config);
      const reportPrompt = promptReporter(services.catalog.tokenizers(config), request.steps, find);
      const findLora = loraFinder(services.catalog, resolved.model);
      const { positive, negative } = parsedPrompts(request.layout);
      const promptOf = (map: number) => reportPrompt(positive[map] ?? NO_PROMPT);
      const negativeOf = (map: number) => reportPrompt(negative[map] ?? NO_PROMPT);
      const size = { width: request.width, height: request.height, factor: config.vaeFactor };
      const draft = { layout: request.layout, size, images };
      const { levels } = config;
      const report = await drafted(
        resolved,
        context,
        services.drafter.report(draft, { levels, steps: request.steps }, turnOf(context)),
      );
      const passes = predictionsByStep(resolved);
      const { count = 1 } = request;
      // Holes of the layout as a whole are a warning here; those of some steps can only be told by an error.
      if (report.holes.share <= COVERED) await requireCoverage(resolved, context);
      return {
        request,
        config,
        guidanceEmbedded: capabilities.guidanceEmbedded,
        draft,
        report,
        loraWarnings: loraWarnings(request, findLora),
        loraBytes: loraBytes(request, findLora),
        base: promptOf(0),
        baseNegative: negativeOf(0),
        regions: report.regions.map((region, index) => ({
          ...region,
          index,
          prompt: promptOf(index + 1),
          negativePrompt: negativeOf(index + 1),
        })),
        etaMs: services.estimator.estimate(request, {
          passes: count * passes.reduce((sum, n) => sum + n, 0),
          previews: count * passes.length,
        }),
      };
    },
  }));
