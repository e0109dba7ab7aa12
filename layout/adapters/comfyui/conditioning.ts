/** A prompt as ComfyUI's samplers get it: with the place, the strength and the steps that nodes gave it. */

import { type FieldPath, quote } from "../../../errors.ts";
import type { ReadMask } from "./masks.ts";

/** A prompt, in the syntax of layouts, with what the nodes behind it set; numbers are not checked. */
export interface Conditioning {
  readonly text: string;
  readonly area: ConditioningArea | null;
  readonly mask: ReadMask | null;
  /** That of the area, and that of the mask; they multiply. */
  readonly strength: number;
  readonly maskStrength: number;
  readonly start: number;
  readonly end: number;
  /** Paints what all others leave, and only that. */
  readonly fillsRest: boolean;
  /** The node that set it last, for messages. */
  readonly path: FieldPath;
}

export interface ConditioningArea {
  readonly unit: "PIXELS" | "FRACTIONS";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Prompts that are left out, for messages, with the files of their masks. */
export function describe(conditionings: readonly Conditioning[]): string {
  return conditionings.map(({ text, mask }) => {
    const files = mask !== null && "elsewhere" in mask ? mask.elsewhere.files : [];
    return files.length === 0 ? quote(text) : `${quote(text)} with its mask in ${files.map(quote).join(" and ")}`;
  }).join(" and ") || "nothing";
}

/** Whether it says where it paints. */
export function isPlaced({ area, mask }: Conditioning): boolean {
  return area !== null || mask !== null;
}

/** Nothing but a prompt. */
export function plain(text: string, path: FieldPath): Conditioning {
  return {
    text,
    area: null,
    mask: null,
    strength: 1,
    maskStrength: 1,
    start: 0,
    end: 1,
    fillsRest: false,
    path,
  };
}
