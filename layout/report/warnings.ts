/** What a layout's author should know before painting it, in plain sentences. */

import { COVERED } from "../weights/blend.ts";
import type { Layout, Region } from "../layout.ts";
import { layoutPrompts } from "../prompts.ts";
import type { RegionReport } from "./region_report.ts";
import { activeSteps } from "../windows.ts";
import { isFoundByWords } from "../words.ts";

/** What a warning is about; stable, machine-readable. */
export type LayoutWarningCode =
  | "COVERS_NOTHING"
  | "HIDDEN"
  | "BASE_ONLY"
  | "WEAK"
  | "TEXTURE_ONLY"
  | "EMPTY_PROMPT"
  | "NEVER_ACTIVE"
  | "EMPTY_BASE"
  | "UNCOVERED"
  | "LORA_PARTS"
  | "LORA_KEYS"
  | "ASPECT"
  | "LARGE"
  | "NO_WORKER"
  | "FOUND_LATER";

export interface LayoutWarning {
  readonly code: LayoutWarningCode;
  /** The name of the region it is about; null for the layout as a whole. */
  readonly region: string | null;
  /** A sentence that can follow a colon: without capital and final period. */
  readonly message: string;
}

/** A region with less than this share of its mask left after overlaps is hidden. */
const VISIBLE = 1e-3;

/** How far a picture's aspect may be from the layout's without a word: sizes are whole multiples of some pixels. */
const ASPECT_TOLERANCE = 0.01;

/** What the warnings are judged by, beside the layout. */
export interface WarningFacts {
  /** One per region. */
  readonly reports: readonly RegionReport[];
  /** Share of the canvas that no region covers. */
  readonly uncovered: number;
  /** The picture's size in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** Number of steps, if known. */
  readonly steps?: number | undefined;
}

/** The warnings of a layout: region by region, then about its holes, then about its canvas. Disabled regions have none. */
export function layoutWarnings(layout: Layout, facts: WarningFacts): readonly LayoutWarning[] {
  const { reports, uncovered, size, steps } = facts;
  const { positive: [base = "", ...prompts] } = layoutPrompts(layout);
  const regions = layout.regions.flatMap((region, i) => {
    const report = reports[i];
    return report === undefined || !region.enabled ? [] : regionWarnings(region, prompts[i] ?? "", report, steps);
  });
  return [...regions, ...holeWarnings(layout, base, uncovered), ...aspectWarnings(layout, size)];
}

function regionWarnings(region: Region, prompt: string, report: RegionReport, steps?: number): LayoutWarning[] {
  const { name, baseRatio } = region;
  const warn = (code: LayoutWarningCode, text: string): LayoutWarning => ({
    code,
    region: name,
    message: `region '${name}' ${text}`,
  });
  const warnings: LayoutWarning[] = [];
  if (isFoundByWords(region.geometry)) {
    const from = steps === undefined ? "" : ` from step ${activeSteps(region, steps).first + 1} of ${steps} on`;
    warnings.push(warn("FOUND_LATER", `paints where its words are found${from}: what it covers is not known before`));
  }
  const place = placeWarning(report, baseRatio);
  if (place !== null) warnings.push(warn(...place));
  if (prompt.trim() === "") warnings.push(warn("EMPTY_PROMPT", "has no prompt"));
  if (steps !== undefined) {
    const { first, end } = activeSteps(region, steps);
    if (first >= end) warnings.push(warn("NEVER_ACTIVE", `is active for none of the ${steps} steps`));
  }
  return warnings;
}

/** The one thing most wrong with where a region paints: a hidden region need not also be called thin. */
function placeWarning(report: RegionReport, baseRatio: number): readonly [LayoutWarningCode, string] | null {
  const finest = report.levels[0], deepest = report.levels.at(-1);
  if (report.covered === null || report.share === null) return null;
  if (report.covered === 0) return ["COVERS_NOTHING", "covers nothing"];
  if (baseRatio === 1) return ["BASE_ONLY", "has base ratio 1: only the base prompt paints there"];
  if (report.share < VISIBLE * report.covered * (1 - baseRatio)) return ["HIDDEN", "is entirely hidden by others"];
  if (deepest !== undefined && deepest.cells < 1) {
    const cells = `${amount(deepest.cells)} cells`;
    return ["TEXTURE_ONLY", `covers ${cells} at the deepest level: it will steer texture, not shape`];
  }
  if (finest !== undefined && finest.maximum < 0.5) {
    return ["WEAK", `has at most ${amount(finest.maximum * 100)}% of the weight anywhere: others outvote it`];
  }
  return null;
}

function holeWarnings(layout: Layout, basePrompt: string, uncovered: number): LayoutWarning[] {
  if (uncovered <= COVERED) return [];
  const whole = layout.regions.length === 0, painted = layout.regions.some(({ enabled }) => enabled);
  if (layout.holes === "ERROR" && !whole) {
    const message = `regions leave ${amount(uncovered * 100)}% of the canvas uncovered: the layout will be rejected`;
    return [{ code: "UNCOVERED", region: null, message }];
  }
  if (layout.holes === "NEAREST" && painted) return [];
  if (basePrompt.trim() !== "") return [];
  const message = whole
    ? "there are no regions and the base prompt is empty"
    : `holes (${amount(uncovered * 100)}% of the canvas) take the base prompt but it is empty`;
  return [{ code: "EMPTY_BASE", region: null, message }];
}

function aspectWarnings({ aspect }: Layout, { width, height }: WarningFacts["size"]): LayoutWarning[] {
  if (aspect === null || Math.abs(width / height / aspect - 1) <= ASPECT_TOLERANCE) return [];
  const ratio = (value: number) => String(Number(value.toPrecision(3)));
  const message = `the layout was made for an aspect of ${ratio(aspect)} and is stretched to ${ratio(width / height)}`;
  return [{ code: "ASPECT", region: null, message }];
}

/** One decimal, or one significant digit where that would be 0. */
function amount(value: number): string {
  return value < 0.05 ? value.toPrecision(1) : String(Number(value.toFixed(1)));
}
