/** Regional Prompter's masks: one colour per region. */

import type { FieldPath } from "../../../errors.ts";
import type { GeometrySpec } from "../../layout.ts";
import type { Findings } from "../adapted.ts";
import { type Division, regionName } from "./division.ts";
import type { RegionalPrompterInput } from "./input.ts";
import { MASK_COLOURS, MASK_TOLERANCE, maskColour } from "./mask_colours.ts";
import type { PromptParts } from "./text.ts";

/**
 * Regions of the mask's colours, bound to the prompts in the order of the colours. What has none of these colours is the
 * base's, or the first region's where there is no base. Which colours these are is asked for, or seen in the image where
 * that has one for each prompt; else they are the first ones.
 *
 * @param parts Undefined where the prompt is broken: then only the settings are checked.
 */
export function readMask(
  parts: PromptParts | undefined,
  findings: Findings,
  input: RegionalPrompterInput,
  path: FieldPath,
): Division | undefined {
  const before = findings.problems.length;
  const { maskAsset, maskColours, maskImage } = input;
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

  const seen = maskImage?.indexes.length === count ? maskImage.indexes : undefined;
  const indexes = [...chosen ?? seen ?? parts.segments.keys()].sort((a, b) => a - b);
  if (asset !== "") warnOfImage(indexes, maskImage, [...path, "maskAsset"], findings);
  const masks = indexes.map((index): GeometrySpec => ({
    mask: { asset, channel: "COLOUR", colour: maskColour(index), tolerance: MASK_TOLERANCE },
  }));
  const places = parts.segments.map(({ text }, i) => {
    const geometry = i === 0 && parts.base === null ? withUncoloured(masks) : masks[i];
    return { name: regionName(i), prompt: text, geometry };
  });
  return { places, groups: [count], grid: null };
}

/** Warns of regions whose colours the image has not got, of colours that are no region's, and of an image nobody saw. */
function warnOfImage(
  indexes: readonly number[],
  image: RegionalPrompterInput["maskImage"],
  path: FieldPath,
  findings: Findings,
): void {
  if (image === undefined) return;
  if (image === null) {
    findings.warn(
      "MASK_NOT_SEEN",
      path,
      "no such image is stored here, so nobody looked for the regions' colours in it",
    );
    return;
  }
  const named = (list: readonly number[]) => list.map((index) => `${maskColour(index)} (${index})`).join(", ");
  const missing = indexes.filter((index) => !image.indexes.includes(index));
  const others = image.indexes.filter((index) => !indexes.includes(index));
  if (missing.length > 0) {
    const none = missing.length === indexes.length ? "none of the regions' colours is" : "not all regions' colours are";
    const found = image.colours === null ? "more than 64" : image.colours.slice(0, SHOWN).join(", ") || "none";
    findings.warn(
      "MASK_COLOUR_MISSING",
      path,
      `${none} in the image, which lacks ${named(missing)}; the colours found are: ${found}`,
    );
  }
  if (others.length > 0) {
    findings.warn("MASK_COLOUR_UNUSED", path, `the image has mask colours that are no region's: ${named(others)}`);
  }
}

/** Colours that a warning shows. */
const SHOWN = 8;

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
