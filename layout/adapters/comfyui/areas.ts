/**
 * ComfyUI's areas as a layout: prompts on rectangles, each with a strength.
 *
 * There, predictions are averaged in proportion to the strengths of the areas that cover a place (`comfy/samplers.py`),
 * which is NORMALIZE here. Its ramp of 8 latent cells inside of an area's border is not taken over: `feather` is 0.
 */

import type { FieldPath } from "../../../errors.ts";
import type { Rectangle, RegionSpec } from "../../layout.ts";
import { type Maybe, Problems } from "../../../problems.ts";
import { type Adaptation, Findings } from "../adapted.ts";
import { comfyText } from "./text.ts";

/** A size in pixels. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
}

/** An area, in pixels with a canvas, else in fractions of the canvas; origin top left. */
export interface ComfyArea {
  readonly prompt: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** 0 to 10; 0 keeps the region but does not paint it. Default 1. */
  readonly strength?: Maybe<number>;
  /** The window in which it paints, as fractions of the steps. Default 0 to 1. */
  readonly start?: Maybe<number>;
  readonly end?: Maybe<number>;
  readonly negativePrompt?: Maybe<string>;
}

/** A list of areas. */
export interface ComfyAreasInput {
  readonly areas: readonly ComfyArea[];
  /** Set: areas are in pixels of it. */
  readonly canvas?: Maybe<Canvas>;
  /** Paints what no area covers. Default: empty. */
  readonly basePrompt?: Maybe<string>;
  readonly negativePrompt?: Maybe<string>;
}

/** The largest strength that ComfyUI's nodes take. */
const MAX_STRENGTH = 10;

/**
 * Reads a list of areas. Areas that leave the canvas are cropped, as they are there, with a warning.
 *
 * Codes of the problems: NOT_A_NUMBER, OUT_OF_RANGE, INVALID_VALUE and INVALID_GEOMETRY (no area inside of the canvas).
 *
 * @param path Where the input stands in the caller's; `["input"]` by default.
 */
export function readComfyAreas(input: ComfyAreasInput, path: FieldPath = ["input"]): Adaptation {
  const findings = new Findings();
  const canvas = input.canvas ?? null;
  if (canvas !== null) checkCanvas(canvas, [...path, "canvas"], findings);
  const regions = input.areas.flatMap((area, i) => {
    const { prompt, negativePrompt } = area;
    const texts = { prompt: comfyText(prompt), negativePrompt: negativePrompt ? comfyText(negativePrompt) : null };
    return areaRegion({ ...area, ...texts }, canvas, [...path, "areas", i], findings) ?? [];
  });
  return findings.answer({
    promptSyntax: "WEIGHTED",
    emphasis: "COMFY",
    basePrompt: comfyText(input.basePrompt ?? ""),
    negativePrompt: comfyText(input.negativePrompt ?? ""),
    overlap: "NORMALIZE",
    holes: "BASE",
    ...(canvas === null ? {} : { aspect: canvas.width / canvas.height }),
    regions,
  });
}

/** Notes what is wrong with a canvas's size. */
export function checkCanvas(canvas: Canvas, path: FieldPath, findings: Findings): void {
  for (const edge of ["width", "height"] as const) {
    if (!(Number.isFinite(canvas[edge]) && canvas[edge] > 0)) {
      findings.problem("OUT_OF_RANGE", [...path, edge], canvas[edge], "must be greater than 0 pixels");
    }
  }
}

/** The region of an area, its prompts in the syntax of layouts; undefined where it has problems, which are then noted. */
export function areaRegion(
  area: { readonly [K in keyof ComfyArea]: unknown },
  canvas: Canvas | null,
  path: FieldPath,
  findings: Findings,
): RegionSpec | undefined {
  const problems = new Problems();
  const number = (field: keyof ComfyArea, rule: Parameters<Problems["number"]>[2]) =>
    problems.number(area[field], [...path, field], rule);
  const prompt = problems.text(area.prompt, [...path, "prompt"]);
  const strength = number("strength", { fallback: 1, min: 0, max: MAX_STRENGTH });
  const start = number("start", { fallback: 0, min: 0, max: 1 });
  const end = number("end", { fallback: 1, min: 0, max: 1 });
  if (start >= end) {
    problems.add("OUT_OF_RANGE", [...path, "end"], end, `must be greater than start, which is ${start}`);
  }
  const negative = area.negativePrompt ?? null;
  const negativePrompt = negative === null ? null : problems.text(negative, [...path, "negativePrompt"]);
  const x = span(number("x", { min: 0 }), number("width", { above: 0 }), canvas?.width ?? 1);
  const y = span(number("y", { min: 0 }), number("height", { above: 0 }), canvas?.height ?? 1);
  for (const [field, { from }] of [["x", x], ["y", y]] as const) {
    if (from >= 1) problems.add("INVALID_GEOMETRY", [...path, field], area[field], "must lie inside the canvas");
  }
  findings.problems.push(...problems.found);
  if (problems.found.length > 0) return undefined;

  if (x.cropped || y.cropped) {
    findings.warn("AREA_CROPPED", path, "the area leaves the canvas, so it was cropped at its border");
  }
  if (strength === 0) {
    findings.warn("STRENGTH_ZERO", path, "an area of strength 0 paints nothing, so it is not enabled");
  }
  const rectangle: Rectangle = { x: x.from, y: y.from, width: x.size, height: y.size };
  return {
    prompt,
    geometry: { rectangle },
    ...(negativePrompt === null ? {} : { negativePrompt }),
    ...(strength === 0 ? { enabled: false } : { weight: strength }),
    start,
    end,
  };
}

/** A span in fractions of an edge, without what leaves the canvas. */
function span(from: number, size: number, edge: number): { from: number; size: number; cropped: boolean } {
  const start = from / edge;
  // Decimal fractions such as 0.7 + 0.3 may miss the border by rounding, which is no crop.
  const cropped = (from + size) / edge > 1 + 1e-9;
  return { from: start, size: (from + size) / edge > 1 ? 1 - start : size / edge, cropped };
}
