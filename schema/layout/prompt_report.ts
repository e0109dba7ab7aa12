/** What the text encoders will read of a prompt: tokens, chunks, weights, and how all of that changes with the steps. */

import { tokenizeTogether } from "../../compute/model/tokenize_together.ts";
import type { PromptTokenizer } from "../../compute/model/tokenizer.ts";
import type { ParsedPrompt, PromptParts, PromptWarning, WeightedSpan } from "../../layout/prompt/prompt.ts";
import { partsKey, promptSchedule, switchWarnings } from "../../layout/prompt/schedule.ts";
import { builder } from "../builder.ts";
import type { FindEmbedding } from "../model/embeddings.ts";

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
 * @param find Looks embeddings up in the model; those that it does not find are counted as words, and warned of.
 */
export function promptReporter(
  tokenizers: readonly PromptTokenizer[],
  steps: number,
  find: FindEmbedding,
): (prompt: ParsedPrompt) => PromptReport {
  return (prompt) => {
    const counted = new Map<string, { readonly tokens: number; readonly chunks: number }>();
    const count = (parts: PromptParts) => {
      const key = partsKey(parts);
      const known = counted.get(key) ?? countTokens(tokenizers, parts, find);
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
      warnings: [...prompt.warnings, ...switchWarnings(prompt, steps), ...embeddingWarnings(prompt, find)]
        .sort((a, b) => a.position - b.position),
    };
  };
}

function embeddingWarnings({ pieces }: ParsedPrompt, find: FindEmbedding): readonly PromptWarning[] {
  return pieces.flatMap((piece): readonly PromptWarning[] => {
    if (piece.kind !== "TEXT" || piece.embedding === undefined) return [];
    const found = find(piece.embedding);
    if (typeof found === "number") return [];
    return [{ code: "UNKNOWN_EMBEDDING", message: found.message, position: piece.start }];
  });
}

function countTokens(
  tokenizers: readonly PromptTokenizer[],
  parts: PromptParts,
  find: FindEmbedding,
): { readonly tokens: number; readonly chunks: number } {
  const vectors = (name: string) => {
    const found = find(name);
    return typeof found === "number" ? found : 0;
  };
  const known = parts.map((part) =>
    part.map(({ text, weight, embedding }) =>
      embedding === undefined || vectors(embedding) === 0 ? { text, weight } : { text, weight, embedding }
    )
  );
  const read = tokenizeTogether(tokenizers, known, vectors);
  return {
    tokens: Math.max(...read.map(({ tokens }) => tokens)),
    chunks: Math.max(...read.map(({ rows }) => rows.length)),
  };
}

const Span = builder.objectRef<PromptReading["spans"][number]>("PromptSpan").implement({
  description: "A stretch of a prompt with one weight.",
  fields: (t) => ({
    text: t.exposeString("text", { description: "The text that is encoded, without brackets and numbers." }),
    embedding: t.string({
      nullable: true,
      description: "The name of the embedding that it stands for; null for words.",
      resolve: ({ embedding }) => embedding ?? null,
    }),
    weight: t.exposeFloat("weight", {
      description:
        "How much it counts, -10 to 10, as the layout's `emphasis` reads it; 1 is plain. All brackets around it multiply.",
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

export const PromptWarningCodeEnum = builder.enumType("PromptWarningCode", {
  description: "What a warning about a prompt is about.",
  values: {
    UNBALANCED_BRACKET: { description: "A bracket without a partner is text." },
    EMPTY_BRACKETS: { description: "Brackets have nothing inside." },
    MALFORMED_NUMBER: { description: "What stands in the place of a weight is no number and is text." },
    SCHEDULE_WITHOUT_TIME: { description: "Square brackets hold a colon but no time to switch at." },
    MIXED_SEPARATORS: { description: "Square brackets hold both `|` and `:`; the colons are text." },
    NEVER_SWITCHES: { description: "A switch comes before the first step or after the last one." },
    EXTRA_NETWORK: {
      description: "`<hypernet:...>`, `<name>`, a malformed `<lora:...>` and their like load nothing and are words.",
    },
    RANDOM_CHOICE: { description: "`{a|b}` is text: nothing is drawn, and curly braces are no weights." },
    WILDCARD: { description: "`__name__` is text: there are no wildcards." },
    WEIGHT_AS_TEXT: {
      description: "A weight in the form of another tool is text: `word:1.2`, `word++`, `(a b)1.3`, `fox::2`.",
    },
    COMPOSITION_AS_TEXT: { description: "`AND`, `.and()` and `.blend()` join no prompts." },
    REGIONS_AS_TEXT: { description: "A keyword by which another tool makes regions is text." },
    BREAK_AS_TEXT: { description: "`break` that is not in capitals is a word." },
    SETTINGS_AS_TEXT: { description: "`--ar 16:9`, `Negative prompt:` and their like set nothing." },
    COMMENT_AS_TEXT: { description: "A comment is text." },
    UNKNOWN_EMBEDDING: { description: "The model has no such embedding, or cannot use it; `generate` refuses it." },
  } as const,
});

const Warning = builder.objectRef<PromptWarning>("PromptWarning").implement({
  description: "Something in a prompt that may not mean what its author thinks.",
  fields: (t) => ({
    code: t.field({ type: PromptWarningCodeEnum, description: "What it is about.", resolve: ({ code }) => code }),
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
