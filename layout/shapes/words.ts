/** What words are found to cover while a picture is painted. */

import { keywordsOf } from "../limits.ts";
import { EMPTY_MASK } from "../masks/mask.ts";
import { imageMask, type MaskReading } from "../masks/mask_image.ts";
import type { ShapeKind } from "./kind.ts";
import type { MaskShape } from "./mask.ts";

/** Whose attention to the words makes the mask: the base prompt's. */
export type WordsSource = "BASE";

export const WORDS_SOURCES: readonly WordsSource[] = ["BASE"];

/** Where a picture shows words of its base prompt; known only once its first steps are painted. */
export interface WordsShape {
  readonly kind: "WORDS";
  /** Words of the base prompt, as they stand in a row there; not empty. */
  readonly of: string;
  /** Share of the range between least and most attention from which on a place is covered, (0, 1). */
  readonly threshold: number;
  readonly from: WordsSource;
}

/** The same as callers send it. */
export interface WordsSpec {
  readonly of: string;
  /** Default 0.4. */
  readonly threshold?: number | null | undefined;
  /** Default BASE. */
  readonly from?: WordsSource | null | undefined;
}

/** Measured with the embedded model, see docs/regional-attention.md. */
export const WORDS_THRESHOLD = 0.4;

const THRESHOLD = { min: 0.01, max: 0.99 } as const;

/** How the image of a found mask is read: white is covered. */
const READING: MaskReading = { channel: "LUMINANCE", colour: null, inverted: false };

export const WORDS: ShapeKind<WordsShape, WordsSpec> = {
  kind: "WORDS",
  field: "words",
  input: {
    description:
      "Where the picture shows words of its base prompt, as attention finds it in the first third of the steps. Until then the region paints nothing.",
    type: {
      name: "WordsInput",
      description: "Words of the base prompt, and how much attention to them makes a place theirs.",
      fields: {
        of: {
          type: "String",
          description:
            "One or more words that stand in a row in the base prompt, common prompt included: `fox`, `red fox`.",
          keywords: { pattern: "\\S" },
        },
        threshold: {
          type: "Float",
          optional: true,
          description:
            `A place is covered from this share of the range between least and most attention on, 0.01 to 0.99. Lower covers more. Default ${WORDS_THRESHOLD}.`,
          keywords: keywordsOf(THRESHOLD),
        },
        from: {
          type: "WordsSource",
          optional: true,
          description: "Whose attention is looked at. Default BASE.",
        },
      },
    },
  },
  output: {
    name: "WordsGeometry",
    description: "Where the picture shows words of its base prompt; `Generation.regionMasks` has what was found.",
    fields: {
      of: { type: "String", description: "The words." },
      threshold: {
        type: "Float",
        description: "Share of the range between least and most attention from which on a place is covered.",
      },
      from: { type: "WordsSource", description: "Whose attention is looked at." },
    },
  },

  resolve(spec, path, { problems }) {
    const before = problems.found.length;
    const fields = problems.fields(spec, path);
    if (fields === undefined) return undefined;
    const of = problems.text(fields["of"], [...path, "of"]).trim();
    if (of === "" && problems.found.length === before) {
      problems.add("INVALID_VALUE", [...path, "of"], fields["of"], "must not be empty");
    }
    const threshold = problems.number(fields["threshold"], [...path, "threshold"], {
      fallback: WORDS_THRESHOLD,
      ...THRESHOLD,
    });
    const from = problems.choice(fields["from"], [...path, "from"], WORDS_SOURCES, "BASE") ?? "BASE";
    return problems.found.length > before ? undefined : { kind: "WORDS", of, threshold, from };
  },

  spec: ({ of, threshold }) => ({ of, ...(threshold === WORDS_THRESHOLD ? {} : { threshold }) }),

  mask(shape, { images, width, height }) {
    const found = images.get(foundMaskKey(shape));
    return found === undefined ? EMPTY_MASK : imageMask(found, READING, width, height);
  },

  fill: () => "",
};

/** Found words as a painted mask of what was found, which covers the same. */
export function foundShape(shape: WordsShape): MaskShape {
  return { kind: "MASK", asset: foundMaskKey(shape), ...READING };
}

/** Under which key a canvas has the image of what was found; no file's hash is like it. */
export function foundMaskKey({ of, threshold, from }: WordsShape): string {
  return JSON.stringify(["words", from, of, threshold]);
}
