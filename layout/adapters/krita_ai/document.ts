/**
 * Regions of a document of Krita's plug-in AI Diffusion, from the JSON that it keeps in the document (`ui.json` among a
 * `.kra` file's annotations). What it looks like was read from `persistence.py`, `region.py` and `jobs.py` of
 * github.com/Acly/krita-ai-diffusion; nothing of it is copied.
 *
 * Where a region lies is in its layer's pixels, which are not in this text. Of regions that a picture was painted with, the
 * history states the layer's box.
 */

import type { FieldPath } from "../../../errors.ts";
import type { LayoutSpec, Rectangle, RegionSpec } from "../../layout.ts";
import { aspectOf } from "../a1111/settings.ts";
import { type Adaptation, Findings } from "../adapted.ts";
import { isObject, type JsonObject, listOf, parseObject, textOf } from "../json.ts";
import { readHistory } from "./history.ts";

/** Where the document's prompt takes a region's; without it, it stands behind that. */
const PLACEHOLDER = "{prompt}";

const WHOLE: Rectangle = { x: 0, y: 0, width: 1, height: 1 };

/**
 * Reads such a text. Regions are switched off, on the box that the history states or on the whole canvas, until they have
 * the mask of their layer; the background is what the others leave.
 *
 * Total: any text gives a layout or problems. Their code: INVALID_VALUE, for text that is no such JSON.
 *
 * @param path Where the input stands in the caller's; the text is its field `json`.
 */
export function readKritaDocument({ json }: { readonly json: string }, path: FieldPath = ["input"]): Adaptation {
  const findings = new Findings();
  const at = [...path, "json"];
  const state = parseObject(json);
  const root = state?.["root"];
  if (state === undefined || !isObject(root)) {
    const rule = 'must be the JSON that the plug-in keeps in the document, with its "root"';
    findings.problem("INVALID_VALUE", at, json.slice(0, 40), rule);
    return { problems: findings.problems };
  }
  const { boxes, settings } = readHistory(state["history"]);
  const prompt = textOf(root["positive"]);
  const replaced = prompt.includes(PLACEHOLDER);
  const regions = listOf(state["regions"]).flatMap((region, i): RegionSpec[] => {
    if (!isObject(region)) return [];
    const own = textOf(region["positive"]);
    const merged = replaced ? prompt.replaceAll(PLACEHOLDER, () => own) : own;
    return [{ prompt: merged, ...placeOf(region, boxes, [...at, "regions", i], findings) }];
  });
  const control = listOf(state["control"]).length;
  if (control > 0) {
    findings.warn("SETTING_LEFT_OUT", [...at, "control"], `its control layers, ${control}, have no counterpart here`);
  }
  return findings.answer({ ...layoutOf(root, replaced), ...aspectOf(settings), regions }, settings);
}

function layoutOf(root: JsonObject, replaced: boolean): LayoutSpec {
  const prompt = textOf(root["positive"]);
  return {
    promptSyntax: "WEIGHTED",
    emphasis: "COMFY",
    ...(replaced
      ? { basePrompt: prompt.replaceAll(PLACEHOLDER, "").trim() }
      : { commonPrompt: prompt, commonPlacement: "SUFFIX" }),
    negativePrompt: textOf(root["negative"]),
    overlap: "Z_ORDER",
    holes: "BASE",
  };
}

/** The place of a region: never where its layer is painted, which the text does not say. */
function placeOf(
  region: JsonObject,
  boxes: ReadonlyMap<string, Rectangle>,
  at: FieldPath,
  findings: Findings,
): Pick<RegionSpec, "geometry" | "enabled"> {
  const box = textOf(region["layer_ids"]).split(",").map((id) => boxes.get(id)).find((found) => found !== undefined);
  const found = box === undefined
    ? "on the whole canvas, since the text does not say where it lies"
    : "on its layer's box, which is all that the text says of where it lies";
  findings.warn("MASK_LEFT_OUT", at, `the region is ${found}, and switched off until it has its layer as a mask`);
  return { geometry: { rectangle: box ?? WHOLE }, enabled: false };
}
