/** What every adapter answers: a layout as callers send it, with warnings, or everything that is wrong with its input. */

import type { FieldPath, InvalidInputCode, InvalidInputError } from "../../errors.ts";
import { Problems } from "../../problems.ts";
import type { LayoutSpec } from "../layout.ts";
import type { ImportedSettings } from "./settings.ts";

/** What a warning of an adapter is about; stable, machine-readable. */
export type AdapterWarningCode =
  | "NO_KEYWORD"
  | "AND_AS_BREAK"
  | "SEPARATOR_AS_BREAK"
  | "BREAK_CONVERTED"
  | "BREAK_KEPT"
  | "LORA_LEFT_OUT"
  | "UNBALANCED_BRACKETS"
  | "RATIO_DROPPED"
  | "RATIO_REPEATED"
  | "RATIO_CONTINUED"
  | "RATIOS_FLIPPED"
  | "OPTION_UNUSED"
  | "COMMON_NEGATIVE_KEPT"
  | "NO_CELL"
  | "AREA_CROPPED"
  | "STRENGTH_ZERO"
  | "TIMESTEP_RANGE"
  | "NODE_UNKNOWN"
  | "NEGATIVE_LEFT_OUT"
  | "SEVERAL_SAMPLERS"
  | "CORRECTED"
  | "COLOUR_LEFT_OUT"
  | "GLOBAL_REPLACED"
  | "SETTING_LEFT_OUT"
  | "MASK_NOT_SEEN"
  | "MASK_COLOUR_MISSING"
  | "MASK_COLOUR_UNUSED"
  | "MASK_LEFT_OUT"
  | "AND_KEPT"
  | "SEED_ASSUMED"
  | "EMPHASIS_KEPT"
  | "PLACE_ASSUMED"
  | "TEXT_LEFT_OUT"
  | "CELL_FILLED"
  | "KEYWORD_CHANGED"
  | "NODE_MUTED"
  | "NODE_BYPASSED"
  | "MASK_TO_UPLOAD"
  | "MASK_APPROXIMATED"
  | "SETTING_APPROXIMATED"
  | "NOT_EXPORTED";

/** A place in a text: characters (UTF-16 code units) from its start counted from 0, line and column from 1. */
export interface TextPosition {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** A liberty that was taken with the input, and what was done. */
export interface AdapterWarning {
  readonly code: AdapterWarningCode;
  readonly message: string;
  /** The field of the input. */
  readonly path: FieldPath;
  /** Null where the field is not a text. */
  readonly position: TextPosition | null;
}

/** A layout to resolve, settings and what was done to understand both, or every problem; never both of the two. */
export type Adaptation =
  | {
    readonly spec: LayoutSpec;
    readonly settings: ImportedSettings;
    readonly warnings: readonly AdapterWarning[];
  }
  | { readonly problems: readonly InvalidInputError[] };

/** The problems and warnings of one input, in the order they were found. */
export class Findings {
  readonly #problems = new Problems();
  readonly problems: InvalidInputError[] = this.#problems.found;
  readonly warnings: AdapterWarning[] = [];

  problem(code: InvalidInputCode, path: FieldPath, value: unknown, rule: string): void {
    this.#problems.add(code, path, value, rule);
  }

  warn(code: AdapterWarningCode, path: FieldPath, message: string): void {
    this.warnings.push({ code, message, path, position: null });
  }

  /** The layout and settings, unless there were problems. */
  answer(spec: LayoutSpec, settings: ImportedSettings = {}): Adaptation {
    return this.problems.length > 0 ? { problems: this.problems } : { spec, settings, warnings: this.warnings };
  }
}

/** A text of the input: its findings carry positions. */
export class Source {
  readonly #lines: readonly number[];

  constructor(readonly text: string, readonly path: FieldPath, readonly findings: Findings) {
    const lines = [0];
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lines.push(at + 1);
    this.#lines = lines;
  }

  position(offset: number): TextPosition {
    let low = 0, high = this.#lines.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lines[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { offset, line: low + 1, column: offset - (this.#lines[low] ?? 0) + 1 };
  }

  /** `at position 7`, or `at line 2, column 4` in a text of several lines. */
  place(offset: number): string {
    if (this.#lines.length === 1) return `at position ${offset}`;
    const { line, column } = this.position(offset);
    return `at line ${line}, column ${column}`;
  }

  /** Notes a broken rule; the place is put behind it. The value is the text, or what stands at the place. */
  problem(code: InvalidInputCode, rule: string, offset: number, value: unknown = this.excerpt(offset)): void {
    this.findings.problem(code, this.path, value, `${rule} ${this.place(offset)}`);
  }

  warn(code: AdapterWarningCode, message: string, offset: number): void {
    this.findings.warnings.push({ code, message, path: this.path, position: this.position(offset) });
  }

  /** Some characters from a place on, for messages. */
  excerpt(offset: number): string {
    return this.text.slice(offset, offset + 40);
  }
}
