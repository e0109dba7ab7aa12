/**
 * Omost's canvas as the JSON that it is processed to: what the nodes of ComfyUI_omost pass on and people keep. Read from
 * `lib_omost/canvas.py` of github.com/lllyasviel/Omost, whose `bag_of_conditions` it is.
 */

import { isObject } from "../json.ts";
import type { FieldPath } from "../../../errors.ts";
import type { Rectangle, RegionSpec } from "../../layout.ts";
import { type Adaptation, Findings } from "../adapted.ts";
import { canvasLayout } from "./canvas_layout.ts";
import { SIDE } from "./places.ts";
import { joinSentences } from "./sentences.ts";

/** Nobody mends more in one go, and a hostile text could have a million. */
const MAX_PROBLEMS = 100;

const KNOWN: readonly string[] = ["rect", "prefixes", "suffixes", "color"];

/** What a condition says: its texts, and its place in fractions of the canvas. */
interface Condition {
  readonly prompt: string;
  readonly rectangle: Rectangle;
}

/** Whether a text is this form of a canvas: a list, which no canvas of calls begins with. */
export function isConditions(text: string): boolean {
  return /^\s*\[/.test(text);
}

/**
 * Reads `[{ "rect": [top, bottom, left, right], "prefixes": [...], "suffixes": [...], "color": [r, g, b] }]`, edges in
 * 90ths of the canvas. A first condition that covers all of it is the global description, hence the base prompt. The
 * list is sorted from far to near, so later regions are in front. Colours are left out, as in the other form.
 *
 * Total: any text gives a layout or problems. Their codes: INVALID_VALUE (no such JSON) and OUT_OF_RANGE (edges outside
 * of the canvas, or in the wrong order).
 *
 * @param at Where the text stands in the caller's input.
 */
export function readConditions(text: string, at: FieldPath): Adaptation {
  const findings = new Findings();
  const list = parsed(text, at, findings);
  if (list === undefined) return { problems: findings.problems };
  const conditions: Condition[] = [];
  let coloured = false;
  for (const [i, value] of list.entries()) {
    if (findings.problems.length >= MAX_PROBLEMS) break;
    const condition = readCondition(value, [...at, i], findings);
    if (condition !== undefined) conditions.push(condition);
    if (!coloured && isObject(value) && value["color"] !== undefined) {
      const message = "colours, which tint the noise that Omost begins with, were left out";
      findings.warn("COLOUR_LEFT_OUT", [...at, i, "color"], message);
      coloured = true;
    }
  }
  const [first] = conditions;
  const global = first !== undefined && isWhole(first) ? first : undefined;
  const regions = (global === undefined ? conditions : conditions.slice(1)).map((
    { prompt, rectangle },
    z,
  ): RegionSpec => ({
    prompt,
    geometry: { rectangle },
    z,
  }));
  return findings.answer(canvasLayout(global?.prompt ?? "", regions));
}

function parsed(text: string, at: FieldPath, findings: Findings): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value) && value.length > 0) return value;
  } catch {
    // Told below, like any other text that is no such list.
  }
  const rule = 'must be a JSON list of { "rect", "prefixes", "suffixes", "color" }, or calls of canvas';
  findings.problem("INVALID_VALUE", at, text.slice(0, 40), rule);
  return undefined;
}

function readCondition(value: unknown, at: FieldPath, findings: Findings): Condition | undefined {
  if (!isObject(value)) {
    findings.problem("INVALID_VALUE", at, value, 'must be an object with "rect", "prefixes" and "suffixes"');
    return undefined;
  }
  for (const key of Object.keys(value)) {
    if (KNOWN.includes(key)) continue;
    findings.warn("SETTING_LEFT_OUT", [...at, key], `${JSON.stringify(key)} is none of a canvas's, so it was left out`);
  }
  const rectangle = readRect(value["rect"], [...at, "rect"], findings);
  const prefixes = readTexts(value["prefixes"], [...at, "prefixes"], findings);
  const suffixes = readTexts(value["suffixes"], [...at, "suffixes"], findings);
  if (rectangle === undefined || prefixes === undefined || suffixes === undefined) return undefined;
  return { prompt: joinSentences([...prefixes, ...suffixes]), rectangle };
}

function readRect(value: unknown, at: FieldPath, findings: Findings): Rectangle | undefined {
  if (!Array.isArray(value) || value.length !== 4 || value.some((edge) => typeof edge !== "number")) {
    findings.problem("INVALID_VALUE", at, value, "must be four numbers: top, bottom, left, right");
    return undefined;
  }
  const [top = NaN, bottom = NaN, left = NaN, right = NaN]: number[] = value;
  if (!(0 <= top && top < bottom && bottom <= SIDE && 0 <= left && left < right && right <= SIDE)) {
    const rule = `must be top, bottom, left, right in order, each from 0 to ${SIDE}`;
    findings.problem("OUT_OF_RANGE", at, value, rule);
    return undefined;
  }
  return { x: left / SIDE, y: top / SIDE, width: (right - left) / SIDE, height: (bottom - top) / SIDE };
}

function readTexts(value: unknown, at: FieldPath, findings: Findings): readonly string[] | undefined {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((text) => typeof text === "string")) return value;
  findings.problem("INVALID_VALUE", at, value, "must be a list of texts");
  return undefined;
}

function isWhole({ rectangle: { x, y, width, height } }: Condition): boolean {
  return x === 0 && y === 0 && width === 1 && height === 1;
}
