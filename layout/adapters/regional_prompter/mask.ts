/** Regional Prompter's masks: one colour per region. */

import type { FieldPath } from "../../../errors.ts";
import type { GeometrySpec } from "../../layout.ts";
import type { Findings } from "../adapted.ts";
import { type Division, regionName } from "./division.ts";
import type { RegionalPrompterInput } from "./input.ts";
import type { PromptParts } from "./text.ts";

/** How many colours there are. */
export const MASK_COLOURS = 360;

/** Saturation and value of every mask colour. */
const SATURATION = 0.5, VALUE = 0.5;

/**
 * The hue of colour `index` as a fraction of the circle: 0, then the middles of what lies between earlier hues, halving
 * the distance with every round: 1/2; 1/4, 3/4; 1/8, 3/8, 5/8, 7/8; ...
 */
export function maskHue(index: number): number {
  if (index === 0) return 0;
  const round = 2 ** Math.floor(Math.log2(index));
  return (2 * (index - round) + 1) / (2 * round);
}

/** The colour of region `index`, from 0 to 359, as `#rrggbb`: HSV(hue, 0.5, 0.5) in 256 steps, rounded down. */
export function maskColour(index: number): string {
  const sector = maskHue(index) * 6;
  const channel = (shift: number) => {
    // HSV to RGB in closed form, https://en.wikipedia.org/wiki/HSL_and_HSV#HSV_to_RGB_alternative.
    const k = (shift + sector) % 6;
    const level = VALUE - VALUE * SATURATION * Math.max(0, Math.min(k, 4 - k, 1));
    return Math.floor(level * 256).toString(16).padStart(2, "0");
  };
  return `#${channel(5)}${channel(3)}${channel(1)}`;
}

/**
 * Regions of the mask's colours, bound to the prompts in the order of the colours. What has none of these colours is the
 * base's, or the first region's where there is no base.
 *
 * @param parts Undefined where the prompt is broken: then only the settings are checked.
 */
export function readMask(
  parts: PromptParts | undefined,
  findings: Findings,
  { maskAsset, maskColours }: RegionalPrompterInput,
  path: FieldPath,
): Division | undefined {
  const before = findings.problems.length;
  const asset = maskAsset ?? "";
  if (asset.trim() === "") {
    findings.problem("INVALID_VALUE", [...path, "maskAsset"], maskAsset, "must name the mask's image in mode MASK");
  }
  const chosen = maskColours ?? null;
  const count = parts?.segments.length ?? 0;
  if (chosen !== null || count <= MASK_COLOURS) {
    checkColours(chosen ?? Array.from({ length: count }, (_, i) => i), [...path, "maskColours"], findings);
  }
  if (parts === undefined) return undefined;
  warnOfCuts(parts);
  if (chosen !== null && chosen.length !== count) {
    const rule = `must have one colour for each of the ${count} regions' prompts`;
    findings.problem("INVALID_VALUE", [...path, "maskColours"], chosen.length, rule);
  }
  if (chosen === null && count > MASK_COLOURS) {
    const rule = `must have at most ${MASK_COLOURS} regions, one for each mask colour: one too many`;
    parts.source.problem("INVALID_VALUE", rule, parts.segments[MASK_COLOURS]?.offset ?? 0, count);
  }
  if (findings.problems.length > before) return undefined;

  const indexes = [...chosen ?? parts.segments.keys()].sort((a, b) => a - b);
  const masks = indexes.map((index): GeometrySpec => ({
    mask: { asset, channel: "COLOUR", colour: maskColour(index) },
  }));
  const places = parts.segments.map(({ text }, i) => {
    const geometry = i === 0 && parts.base === null ? withUncoloured(masks) : masks[i];
    return { name: regionName(i), prompt: text, geometry };
  });
  return { places, groups: [count], grid: null };
}

/** The whole canvas without the colours of all regions but the first. */
function withUncoloured([, ...others]: readonly GeometrySpec[]): GeometrySpec {
  const canvas: GeometrySpec = { rectangle: { x: 0, y: 0, width: 1, height: 1 } };
  return others.length === 0 ? canvas : { subtraction: { from: canvas, subtract: others } };
}

function checkColours(colours: readonly number[], path: FieldPath, findings: Findings): void {
  const taken = new Map<string, number>();
  colours.forEach((index, i) => {
    if (!Number.isInteger(index) || index < 0 || index >= MASK_COLOURS) {
      const rule = `must be a whole number from 0 to ${MASK_COLOURS - 1}`;
      findings.problem("OUT_OF_RANGE", [...path, i], index, rule);
      return;
    }
    // From index 256 on, some hues are so close that they round to one colour.
    const colour = maskColour(index);
    const same = taken.get(colour);
    if (same === undefined) taken.set(colour, index);
    else findings.problem("INVALID_VALUE", [...path, i], index, `must have another colour than ${same}, ${colour}`);
  });
}

/** Outside of Columns and Rows, all keywords between regions mean BREAK. */
export function warnOfCuts({ source, keywords }: PromptParts): void {
  const cut = keywords.find(({ kind }) => kind !== "BREAK");
  if (cut !== undefined) {
    source.warn("SEPARATOR_AS_BREAK", "ADDCOL and ADDROW were read as BREAK: the mode itself says where", cut.offset);
  }
}
