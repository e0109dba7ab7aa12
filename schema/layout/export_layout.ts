/** Layouts for other tools. */

import { InvalidInputErrors } from "../../errors.ts";
import { type AdapterWarning, Findings } from "../../layout/adapters/adapted.ts";
import { comfyWorkflowOf } from "../../layout/adapters/comfyui/export.ts";
import { exportRegionalPrompt } from "../../layout/adapters/regional_prompter/export.ts";
import type { RegionalPrompterInput } from "../../layout/adapters/regional_prompter/input.ts";
import type { ImportedSettings } from "../../layout/adapters/settings.ts";
import type { Layout } from "../../layout/layout.ts";
import { resolveLayout } from "../../layout/resolve/resolve.ts";
import { WarningType } from "./adapted_layout.ts";
import { builder, type SchemaContext } from "../builder.ts";
import { LayoutInput } from "./layout_input.ts";
import { DivideModeEnum } from "./parse_prompt.ts";
import { beforeReading } from "./prompt_characters.ts";
import { takeLayout } from "../generation/resolve_input.ts";
import { SavedLayoutInput } from "./saved_layout.ts";
import { BudgetExceededError } from "../turn.ts";

const ExportFormat = builder.enumType("ExportFormat", {
  description: "For which tool a layout is written.",
  values: {
    REGIONAL_PROMPTER: { description: "Regional Prompter's text, with its settings beside it." },
    COMFY_WORKFLOW: { description: "A workflow of ComfyUI, in the form that its API takes." },
  } as const,
});

/** A layout as it was written. */
interface ExportedLayout {
  readonly text: string;
  readonly regionalPrompter: RegionalPrompterInput | null;
  readonly warnings: readonly AdapterWarning[];
}

const RegionalPrompterSettings = builder.objectRef<RegionalPrompterInput>("RegionalPrompterSettings").implement({
  description: "The prompt and settings of Regional Prompter, by the names that `ParsePromptInput` has for them.",
  fields: (t) => ({
    prompt: t.exposeString("prompt", { description: "The prompt." }),
    negativePrompt: t.string({
      description: "The negative prompt.",
      resolve: ({ negativePrompt }) => negativePrompt ?? "",
    }),
    mode: t.field({
      type: DivideModeEnum,
      nullable: true,
      description: "How the canvas is divided; null for a plain picture.",
      resolve: ({ mode }) => mode,
    }),
    ratios: t.string({ nullable: true, description: "Of a grid.", resolve: ({ ratios }) => ratios }),
    baseRatios: t.string({
      nullable: true,
      description: "Each region's share of the base prompt; null without one.",
      resolve: ({ baseRatios }) => baseRatios,
    }),
    threshold: t.string({
      nullable: true,
      description: "Of regions that are found by words: one for each.",
      resolve: ({ threshold }) => threshold,
    }),
    useBase: t.boolean({ description: "False: ADDBASE in the text says it.", resolve: () => false }),
    useCommon: t.boolean({ description: "False: ADDCOMM in the text says it.", resolve: () => false }),
    useCommonNegative: t.boolean({ description: "False: ADDCOMM in the text says it.", resolve: () => false }),
    flip: t.boolean({ description: "False: the ratios are written for the mode.", resolve: () => false }),
    maskAsset: t.string({
      nullable: true,
      description: "Of a mask: its image.",
      resolve: ({ maskAsset }) => maskAsset,
    }),
    maskColours: t.intList({
      nullable: true,
      description: "Of a mask: the indexes of its colours, one for each region.",
      resolve: ({ maskColours }) => maskColours === null || maskColours === undefined ? null : [...maskColours],
    }),
  }),
});

const ExportedLayoutType = builder.objectRef<ExportedLayout>("ExportedLayout").implement({
  description: "A layout for another tool.",
  fields: (t) => ({
    text: t.exposeString("text", { description: "The prompt, or the workflow's JSON." }),
    regionalPrompter: t.field({
      type: RegionalPrompterSettings,
      nullable: true,
      description: "The settings under which the prompt means the layout; null for another format.",
      resolve: ({ regionalPrompter }) => regionalPrompter,
    }),
    warnings: t.field({
      type: [WarningType],
      description: "What of the layout cannot be said there; empty if all is.",
      resolve: ({ warnings }) => [...warnings],
    }),
  }),
});

const ExportSettingsInput = builder.inputType("ExportSettingsInput", {
  description: "What a workflow says beside the layout, as in `GenerateInput`. Each default is the workflow's own.",
  fields: (t) => ({
    model: t.string({ description: "The checkpoint's name." }),
    width: t.int({ description: "Pixels." }),
    height: t.int({ description: "Pixels." }),
    steps: t.int({ description: "Denoising steps." }),
    sampler: t.string({ description: "The sampler." }),
    schedule: t.string({ description: "The noise schedule." }),
    guidanceScale: t.float({ description: "How strongly prompts are followed." }),
    seed: t.field({ type: "Seed", description: "The seed." }),
  }),
});

const ExportLayoutInput = builder.inputType("ExportLayoutInput", {
  description: "A layout, and for which tool.",
  fields: (t) => ({
    layout: t.field({
      type: LayoutInput,
      description: "The layout. Exactly one of this and `savedLayout` is set.",
    }),
    savedLayout: t.field({ type: SavedLayoutInput, description: "Or a saved one." }),
    format: t.field({ type: ExportFormat, required: true, description: "For which tool." }),
    settings: t.field({ type: ExportSettingsInput, description: "Of a workflow; prompts have no settings." }),
  }),
});

type ExportInput = typeof ExportLayoutInput.$inferInput;

builder.queryField("exportLayout", (t) =>
  t.field({
    description: "Writes a layout for another tool. What cannot be said there is named in a warning.",
    type: ExportedLayoutType,
    errors: {
      types: [InvalidInputErrors, BudgetExceededError],
      union: { name: "ExportLayoutResult", description: "The text, or why there is none." },
    },
    args: { input: t.arg({ type: ExportLayoutInput, required: true, description: "What to write, and for whom." }) },
    resolve: async (_root, { input }, context) => {
      const { layout, path } = await resolvedLayout(input, context);
      return input.format === "REGIONAL_PROMPTER"
        ? prompt(layout, path, input)
        : workflow(layout, path, settingsOf(input.settings ?? {}));
    },
  }));

function prompt(layout: Layout, path: readonly string[], { settings }: ExportInput): ExportedLayout {
  const { input, warnings } = exportRegionalPrompt(layout, path);
  const findings = new Findings();
  for (const field of Object.keys(settingsOf(settings ?? {}))) {
    findings.warn(
      "SETTING_LEFT_OUT",
      ["input", "settings", field],
      "the text of Regional Prompter has no such setting",
    );
  }
  return { text: input.prompt, regionalPrompter: input, warnings: [...warnings, ...findings.warnings] };
}

function workflow(layout: Layout, path: readonly string[], settings: ImportedSettings): ExportedLayout {
  const { json, warnings } = comfyWorkflowOf(layout, settings);
  const placed = warnings.map((warning) => {
    const [field, ...rest] = warning.path;
    return { ...warning, path: field === "layout" ? [...path, ...rest] : ["input", ...warning.path] };
  });
  return { text: json, regionalPrompter: null, warnings: placed };
}

/** The settings that are set. */
function settingsOf(settings: NonNullable<ExportInput["settings"]>): ImportedSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null && value !== undefined));
}

/** @throws {InvalidInputErrors} with all that is wrong with the layout, or where it is not there. */
async function resolvedLayout(
  input: ExportInput,
  context: SchemaContext,
): Promise<{ readonly layout: Layout; readonly path: readonly string[] }> {
  const { layout: spec, source } = await takeLayout(input, context.services);
  await beforeReading(spec, context);
  const path = ["input", source === null ? "layout" : "savedLayout"];
  const resolution = resolveLayout(spec, { maxRegions: context.services.limits.maxRegions, path });
  if ("problems" in resolution) throw new InvalidInputErrors(resolution.problems);
  return { layout: resolution.layout, path };
}
