/** What `parsePrompt` and `importLayout` answer: a layout read from another tool's text, and what was done to read it. */

import { formatPath, InvalidInputErrors } from "../../errors.ts";
import type { Adaptation, AdapterWarning, TextPosition } from "../../layout/adapters/adapted.ts";
import type { ImportedSettings } from "../../layout/adapters/settings.ts";
import type { Layout } from "../../layout/layout.ts";
import { resolveLayout } from "../../layout/resolve/resolve.ts";
import { specOfLayout } from "../../layout/spec_of.ts";
import { builder } from "../builder.ts";
import { takeSettings } from "./imported_settings.ts";
import { LayoutType } from "./layout.ts";

/** A layout with its settings, and the liberties that were taken with its text. */
export interface AdaptedLayout {
  readonly layout: Layout;
  readonly settings: ImportedSettings;
  readonly warnings: readonly AdapterWarning[];
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
  } as const,
});

const Warning = builder.objectRef<AdapterWarning>("ImportWarning").implement({
  description: "A liberty that was taken with the text.",
  fields: (t) => ({
    code: t.field({ type: WarningCode, description: "What it is about.", resolve: ({ code }) => code }),
    message: t.exposeString("message", { description: "What was done, in words." }),
    field: t.string({
      description: "The field of the input, for instance `input.ratios`; in a workflow, down to the node.",
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

/** The type of layouts that were read from another tool's text. */
export const AdaptedLayoutType = builder.objectRef<AdaptedLayout>("AdaptedLayout").implement({
  description: "A layout that was read from another tool's text.",
  fields: (t) => ({
    layout: t.field({
      type: LayoutType,
      description: "The layout as it was understood.",
      resolve: (read) => read.layout,
    }),
    generateInput: t.field({
      type: "JSON",
      description:
        "A complete `GenerateInput`: the layout, and those of its size, steps, sampler, schedule, guidance and seed that the text states. Send it as the variable of `generate`.",
      resolve: ({ layout, settings }) => ({ layout: specOfLayout(layout), ...settings }),
    }),
    warnings: t.field({
      type: [Warning],
      description: "What was done to understand it, beyond what the text says; empty if nothing.",
      resolve: ({ warnings }) => [...warnings],
    }),
  }),
});

/**
 * The layout that an adapter understood, defaults filled in and rules checked.
 * @throws {InvalidInputErrors} with what the adapter, or the rules of layouts, find wrong.
 */
export function resolveAdaptation(adaptation: Adaptation, maxRegions: number): AdaptedLayout {
  if ("problems" in adaptation) throw new InvalidInputErrors(adaptation.problems);
  const resolution = resolveLayout(adaptation.spec, { maxRegions });
  if ("problems" in resolution) throw new InvalidInputErrors(resolution.problems);
  const { settings, warnings } = takeSettings(adaptation.settings);
  return { layout: resolution.layout, settings, warnings: [...adaptation.warnings, ...warnings] };
}
