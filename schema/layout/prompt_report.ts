/** What the text encoders will read of a prompt: tokens, chunks, weights, and how all of that changes with the steps. */

import { tokenizeTogether } from "../../compute/model/tokenize_together.ts";
import type { PromptTokenizer } from "../../compute/model/tokenizer.ts";
import type { ParsedPrompt, PromptParts, PromptWarning, WeightedSpan } from "../../layout/prompt/prompt.ts";
import { partsKey, promptSchedule, switchWarnings } from "../../layout/prompt/schedule.ts";
import { builder } from "../builder.ts";

/** What a prompt reads at steps [first, end). */
interface PromptReading {
  readonly first: number;
  readonly end: number;
  /** Of the tokenizer that needs the most. */
  readonly tokens: number;
  readonly chunks: number;
  readonly spans: readonly (WeightedSpan & { readonly part: number })[];
}

/** A prompt and everything it reads in the course of a generation. */
export interface PromptReport {
  readonly text: string;
  /** In order, without gaps; at least one. */
  readonly schedule: readonly PromptReading[];
  /** By position. */
  readonly warnings: readonly PromptWarning[];
}

/**
 * What prompts will cost in a generation.
 * @param tokenizers One per text encoder of the model.
 * @param steps Of the generation.
 */
export function promptReporter(
  tokenizers: readonly PromptTokenizer[],
  steps: number,
): (prompt: ParsedPrompt) => PromptReport {
  return (prompt) => {
    const counted = new Map<string, { readonly tokens: number; readonly chunks: number }>();
    const count = (parts: PromptParts) => {
      const key = partsKey(parts);
      const known = counted.get(key) ?? countTokens(tokenizers, parts);
      counted.set(key, known);
      return known;
    };
    return {
      text: prompt.source,
      schedule: promptSchedule(prompt, steps).map(({ first, end, parts }) => ({
        first,
        end,
        ...count(parts),
        spans: parts.flatMap((spans, part) => spans.map((span) => ({ ...span, part }))),
      })),
      warnings: [...prompt.warnings, ...switchWarnings(prompt, steps)].sort((a, b) => a.position - b.position),
    };
  };
}

function countTokens(
  tokenizers: readonly PromptTokenizer[],
  parts: PromptParts,
): { readonly tokens: number; readonly chunks: number } {
  const read = tokenizeTogether(tokenizers, parts);
  return {
    tokens: Math.max(...read.map(({ tokens }) => tokens)),
    chunks: Math.max(...read.map(({ rows }) => rows.length)),
  };
}

const Span = builder.objectRef<PromptReading["spans"][number]>("PromptSpan").implement({
  description: "A stretch of a prompt with one weight.",
  fields: (t) => ({
    text: t.exposeString("text", { description: "The text that is encoded, without brackets and numbers." }),
    weight: t.exposeFloat("weight", {
      description:
        "What its tokens' hidden states are multiplied by, 0 to 10; 1 is plain. All brackets around it count.",
    }),
    start: t.exposeInt("start", { description: "Where it begins in the prompt's text, in UTF-16 units." }),
    end: t.exposeInt("end", { description: "Where it ends, exclusive." }),
    part: t.exposeInt("part", { description: "From 0; every `BREAK` begins a new part, in a chunk of its own." }),
  }),
});

const Reading = builder.objectRef<PromptReading>("PromptReading").implement({
  description: "What a prompt reads in a window of steps.",
  fields: (t) => ({
    first: t.exposeInt("first", { description: "The first step, from 0." }),
    end: t.exposeInt("end", { description: "The step after the last one." }),
    tokens: t.exposeInt("tokens", { description: "Tokens of the text, without start, end and padding." }),
    chunks: t.exposeInt("chunks", { description: "Chunks that it is encoded in; nothing is cut off." }),
    spans: t.field({ type: [Span], description: "The text with its weights.", resolve: ({ spans }) => [...spans] }),
  }),
});

const WarningCode = builder.enumType("PromptWarningCode", {
  description: "What a warning about a prompt is about.",
  values: {
    UNBALANCED_BRACKET: { description: "A bracket without a partner is text." },
    EMPTY_BRACKETS: { description: "Brackets have nothing inside." },
    MALFORMED_NUMBER: { description: "What stands in the place of a weight is no number and is text." },
    SCHEDULE_WITHOUT_TIME: { description: "Square brackets hold a colon but no time to switch at." },
    MIXED_SEPARATORS: { description: "Square brackets hold both `|` and `:`; the colons are text." },
    NEVER_SWITCHES: { description: "A switch comes before the first step or after the last one." },
  } as const,
});

const Warning = builder.objectRef<PromptWarning>("PromptWarning").implement({
  description: "Something in a prompt that may not mean what its author thinks.",
  fields: (t) => ({
    code: t.field({ type: WarningCode, description: "What it is about.", resolve: ({ code }) => code }),
    message: t.exposeString("message", { description: "In words." }),
    position: t.exposeInt("position", { description: "Where in the prompt's text, in UTF-16 units from 0." }),
  }),
});

const most = (report: PromptReport, field: "tokens" | "chunks") =>
  Math.max(...report.schedule.map((reading) => reading[field]));

export const PromptReportRef = builder.objectRef<PromptReport>("PromptReport").implement({
  description: "What the text encoder will read.",
  fields: (t) => ({
    text: t.exposeString("text", { description: "The complete prompt: the common prompt and the style are included." }),
    tokens: t.int({
      description: "Tokens of the text, without start, end and padding; the most of any step.",
      resolve: (report) => most(report, "tokens"),
    }),
    chunks: t.int({
      description: "Chunks that it is encoded in, the most of any step; nothing is cut off.",
      resolve: (report) => most(report, "chunks"),
    }),
    spans: t.field({
      type: [Span],
      description: "The text with its weights, as it reads at the first step.",
      resolve: ({ schedule: [first] }) => [...first?.spans ?? []],
    }),
    schedule: t.field({
      type: [Reading],
      description: "What it reads step by step; a single window unless something is scheduled or alternates.",
      resolve: ({ schedule }) => [...schedule],
    }),
    warnings: t.field({
      type: [Warning],
      description: "What may not be meant so.",
      resolve: ({ warnings }) => [...warnings],
    }),
  }),
});
