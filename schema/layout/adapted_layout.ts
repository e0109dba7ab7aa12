/** What `parsePrompt` and `importLayout` answer: a layout read from another tool's text, and what was done to read it. */

import { formatPath, InvalidInputErrors } from "../../errors.ts";
import type { Adaptation, AdapterWarning, TextPosition } from "../../layout/adapters/adapted.ts";
import type { ImportSource } from "../../layout/adapters/picture/import_source.ts";
import type { ImportedSettings } from "../../layout/adapters/settings.ts";
import type { Layout } from "../../layout/layout.ts";
import { resolveLayout } from "../../layout/resolve/resolve.ts";
import { specOfLayout } from "../../layout/spec_of.ts";
import { builder } from "../builder.ts";
import { LoraUseRef } from "../model/lora_input.ts";
import { type ImportedPromptWarning, importedPromptWarnings } from "./imported_prompts.ts";
import { takeSettings } from "./imported_settings.ts";
import { LayoutType } from "./layout.ts";

/** A layout with its settings, and the liberties that were taken with its text. */
export interface AdaptedLayout {
  readonly source: ImportSource;
  readonly layout: Layout;
  readonly settings: ImportedSettings;
  readonly warnings: readonly (AdapterWarning | ImportedPromptWarning)[];
}

const Position = builder.objectRef<TextPosition>("TextPosition").implement({
  description: "A place in a text.",
  fields: (t) => ({
    offset: t.exposeInt("offset", { description: "Characters (UTF-16 units) before it." }),
    line: t.exposeInt("line", { description: "Its line, counted from 1." }),
    column: t.exposeInt("column", { description: "Its column, counted from 1." }),
  }),
});

const WarningCode = builder.enumType("ImportWarningCode", {
  description: "What a warning of `parsePrompt` or `importLayout` is about.",
  values: {
    NO_KEYWORD: { description: "Without a keyword the text is a plain picture's prompt." },
    AND_AS_BREAK: { description: "AND was read as BREAK." },
    SEPARATOR_AS_BREAK: { description: "ADDCOL and ADDROW were read as BREAK." },
    BREAK_CONVERTED: { description: "BREAK was read as ADDCOL or ADDROW." },
    BREAK_KEPT: { description: "BREAK stays inside of a region's prompt." },
    LORA_LEFT_OUT: { description: "An extra network was left out." },
    UNBALANCED_BRACKETS: { description: "A bracket is open where a prompt ends." },
    RATIO_DROPPED: { description: "There are more numbers than cells; some were dropped." },
    RATIO_REPEATED: { description: "There are fewer numbers than cells; one was repeated." },
    RATIO_CONTINUED: { description: "A row's numbers go on in the next row." },
    RATIOS_FLIPPED: { description: "Ratios were read along the other direction, as the keywords say." },
    OPTION_UNUSED: { description: "A setting has no effect here." },
    COMMON_NEGATIVE_KEPT: { description: "A common negative prompt that nothing ends is everybody's." },
    NO_CELL: { description: "A region drew no cell and was left out." },
    AREA_CROPPED: { description: "An area was cropped at the canvas's border." },
    STRENGTH_ZERO: { description: "An area of strength 0 is not enabled." },
    TIMESTEP_RANGE: { description: "A range of the noise schedule was read as a range of the steps." },
    NODE_UNKNOWN: { description: "A node, or a part of it, was left out." },
    NEGATIVE_LEFT_OUT: { description: "A negative prompt was left out." },
    SEVERAL_SAMPLERS: { description: "Only one of several samplers was read." },
    CORRECTED: { description: "A word was read as one that is like it." },
    COLOUR_LEFT_OUT: { description: "Colours were left out." },
    GLOBAL_REPLACED: { description: "A later global description replaced an earlier one." },
    SETTING_LEFT_OUT: { description: "A setting that has no counterpart here was left out." },
    MASK_NOT_SEEN: { description: "The image of a mask is not stored here, so nobody looked at its colours." },
    MASK_COLOUR_MISSING: { description: "A region's colour is not in the image of its mask." },
    GEOMETRY_LEFT_OUT: {
      description: "The place of a region cannot be said in the other tool: it lies elsewhere there.",
    },
    CELL_FILLED: { description: "Cells without a region have the base prompt as their own." },
    KEYWORD_CHANGED: { description: "A word that would be a keyword in the other tool was written another way." },
    MASK_LEFT_OUT: {
      description: "A region lies where an image says that is not here: it is switched off until it has a geometry.",
    },
    AND_KEPT: { description: "AND, which mixes predictions in other tools, stays a word of its prompt." },
    SEED_ASSUMED: {
      description: "The file does not say how a draw fell out; it was drawn anew, by the picture's seed.",
    },
    EMPHASIS_KEPT: { description: "Emphasis in the other tool's syntax stays text." },
    PLACE_ASSUMED: {
      description: "The file does not say all of where something lies; the message says what was taken.",
    },
    TEXT_LEFT_OUT: { description: "The picture carries texts beside the one that was read." },
    MASK_COLOUR_UNUSED: { description: "The image of a mask has a colour for which there is no region." },
    NODE_MUTED: { description: "A node that is muted was left out." },
    NODE_BYPASSED: { description: "A node that is bypassed hands on what it gets." },
    MASK_TO_UPLOAD: { description: "The image of a mask must be put where the other tool looks for it." },
    MASK_APPROXIMATED: { description: "A mask was read as one that is like it." },
    SETTING_APPROXIMATED: { description: "A setting was read as the nearest one that there is here." },
    NOT_EXPORTED: { description: "The other tool's format cannot say this, so it was left out." },
    PROMPT: { description: "Something in a prompt of the layout that was read may not mean what it means there." },
    EMBEDDING: { description: "A prompt of the layout that was read names an embedding, which the model must have." },
    LORA: { description: "A prompt names a LoRA, which must fit the model that paints it." },
  } as const,
});

/** The type of liberties that were taken with a text, or with a layout. */
export const WarningType = builder.objectRef<AdaptedLayout["warnings"][number]>("ImportWarning").implement({
  description: "A liberty that was taken with the text.",
  fields: (t) => ({
    code: t.field({ type: WarningCode, description: "What it is about.", resolve: ({ code }) => code }),
    message: t.exposeString("message", { description: "What was done, in words." }),
    field: t.string({
      description:
        "The field of the input, for instance `input.ratios`; in a workflow, down to the node. Of prompts, the field of the layout that was read, for instance `layout.basePrompt`.",
      resolve: ({ path }) => formatPath(path),
    }),
    position: t.field({
      type: Position,
      nullable: true,
      description: "Where in that field's text; null where it is not about a place.",
      resolve: ({ position }) => position,
    }),
  }),
});

const Source = builder.enumType("ImportSource", {
  description: "Whose text a layout was read from.",
  values: {
    PARTERRE: { description: "Parterre's own, from one of its pictures." },
    REGIONAL_PROMPTER: { description: "Regional Prompter's, by itself or from a web UI's picture." },
    COMFYUI: { description: "Areas or a workflow of ComfyUI." },
    OMOST: { description: "A canvas of Omost." },
    INVOKEAI: { description: "The metadata of InvokeAI's pictures." },
    KRITA_AI: { description: "What Krita's plug-in AI Diffusion keeps in a document." },
    A1111: { description: "A web UI's, without regions." },
  } as const,
});

const Settings = builder.objectRef<ImportedSettings>("ImportedSettings").implement({
  description: "What a text says of the painting beside the layout, as far as it does; null where it does not.",
  fields: (t) => ({
    model: t.string({
      nullable: true,
      description: "A model's name; only of Parterre's own pictures, since other tools' models are others.",
      resolve: ({ model }) => model,
    }),
    width: t.int({ nullable: true, description: "Pixels.", resolve: ({ width }) => width }),
    height: t.int({ nullable: true, description: "Pixels.", resolve: ({ height }) => height }),
    steps: t.int({ nullable: true, description: "Denoising steps.", resolve: ({ steps }) => steps }),
    sampler: t.string({ nullable: true, description: "By its name here.", resolve: ({ sampler }) => sampler }),
    schedule: t.string({ nullable: true, description: "By its name here.", resolve: ({ schedule }) => schedule }),
    guidanceScale: t.float({
      nullable: true,
      description: "How strongly prompts are followed; 1 is none.",
      resolve: ({ guidanceScale }) => guidanceScale,
    }),
    seed: t.field({ type: "Seed", nullable: true, description: "The seed.", resolve: ({ seed }) => seed }),
    clipSkip: t.int({
      nullable: true,
      description: "Which layer of the text encoders is read.",
      resolve: ({ clipSkip }) => clipSkip,
    }),
    loras: t.field({
      type: [LoraUseRef],
      nullable: true,
      description: "LoRAs of the whole picture, beside those that prompts of the layout name.",
      resolve: ({ loras }) => loras && [...loras],
    }),
    initImage: t.string({
      nullable: true,
      description: "SHA-256 of the picture that it was started from.",
      resolve: ({ initImage }) => initImage,
    }),
  }),
});

/** The type of layouts that were read from another tool's text. */
export const AdaptedLayoutType = builder.objectRef<AdaptedLayout>("AdaptedLayout").implement({
  description: "A layout that was read from another tool's text.",
  fields: (t) => ({
    source: t.field({ type: Source, description: "Whose text it was.", resolve: ({ source }) => source }),
    settings: t.field({
      type: Settings,
      description: "The settings that the text states and that have a counterpart here; `generateInput` has them too.",
      resolve: ({ settings }) => settings,
    }),
    layout: t.field({
      type: LayoutType,
      description: "The layout as it was understood.",
      resolve: (read) => read.layout,
    }),
    generateInput: t.field({
      type: "JSON",
      description:
        "A complete `GenerateInput`: the layout, and those of its size, steps, sampler, schedule, guidance, seed, clip skip and LoRAs that the text states. Send it as the variable of `generate`.",
      resolve: ({ layout, settings }) => ({ layout: specOfLayout(layout), ...settings }),
    }),
    warnings: t.field({
      type: [WarningType],
      description: "What was done to understand it, beyond what the text says; empty if nothing.",
      resolve: ({ warnings }) => [...warnings],
    }),
  }),
});

/**
 * The layout that an adapter understood, defaults filled in and rules checked.
 * @throws {InvalidInputErrors} with what the adapter, or the rules of layouts, find wrong.
 */
export function resolveAdaptation(adaptation: Adaptation, source: ImportSource, maxRegions: number): AdaptedLayout {
  if ("problems" in adaptation) throw new InvalidInputErrors(adaptation.problems);
  const resolution = resolveLayout(adaptation.spec, { maxRegions });
  if ("problems" in resolution) throw new InvalidInputErrors(resolution.problems);
  const { settings, warnings } = takeSettings(adaptation.settings, source === "PARTERRE");
  const { layout } = resolution;
  const all = [...adaptation.warnings, ...warnings, ...importedPromptWarnings(layout)];
  return { source, layout, settings, warnings: all };
}
