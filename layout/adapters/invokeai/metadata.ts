/**
 * InvokeAI's metadata of a picture (`invokeai_metadata`) as a layout: prompts, settings, and the canvas's regional guidance.
 *
 * What it looks like was read from github.com/invoke-ai/InvokeAI, `features/controlLayers/store/types.ts` of its web
 * interface (versions 4 and 5 on) and the examples in its tests; nothing of it is copied.
 */

import type { FieldPath } from "../../../errors.ts";
import { aspectOf } from "../a1111/settings.ts";
import { type Adaptation, Findings } from "../adapted.ts";
import { isObject, type JsonObject, listOf, parseObject, textOf } from "../json.ts";
import { hasEmphasis } from "./emphasis.ts";
import { takeMetadataSettings } from "./settings.ts";
import { type Canvas, readGuidance } from "./regional_guidance.ts";

/** Fields that are read, or say nothing of how a picture is painted. */
const READ: readonly string[] = [
  ...["positive_prompt", "negative_prompt", "canvas_v2_metadata", "control_layers", "regions"],
  ...["app_version", "generation_mode", "metadata_version", "_invokeai_metadata_tag"],
];

/**
 * Reads the metadata. A region's rectangles are read exactly; where its place is painted by brush or lies in an image, it is
 * switched off, on the box of what the file says. The file does not say where the picture lies on the canvas: its corner is
 * taken for the canvas's origin.
 *
 * Total: any text gives a layout or problems. Their code: INVALID_VALUE, for text that is no such JSON.
 *
 * @param path Where the text stands in the caller's input.
 */
export function readInvokeMetadata(text: string, path: FieldPath): Adaptation {
  const findings = new Findings();
  const metadata = parseObject(text);
  if (metadata === undefined) {
    findings.problem("INVALID_VALUE", path, text.slice(0, 40), "must be InvokeAI's metadata, a JSON object");
    return { problems: findings.problems };
  }
  const settings = takeMetadataSettings(metadata, READ, path, findings);
  const { width, height } = settings;
  const canvas: Canvas | null = width === undefined || height === undefined ? null : { width, height };
  const basePrompt = textOf(metadata["positive_prompt"]);
  const negativePrompt = textOf(metadata["negative_prompt"]);
  const surroundings = { canvas, basePrompt, names: new Set<string>(), findings };
  const regions = layersOf(metadata, path, findings).flatMap(({ layer, at }) => readGuidance(layer, at, surroundings));
  const texts = [basePrompt, negativePrompt, ...regions.flatMap((own) => [own.prompt, own.negativePrompt ?? ""])];
  if (texts.some(hasEmphasis)) {
    const message = "emphasis as in (word)1.2, word+ or word- is not read: it stays text";
    findings.warn("EMPHASIS_KEPT", path, message);
  }
  return findings.answer({
    ...aspectOf(settings),
    promptSyntax: "PLAIN",
    basePrompt,
    negativePrompt,
    overlap: "NORMALIZE",
    holes: "BASE",
    regions,
  }, settings);
}

interface Layer {
  readonly layer: JsonObject;
  readonly at: FieldPath;
}

/** The layers of regional guidance, of whichever version's; the other layers are named in a warning. */
function layersOf(metadata: JsonObject, path: FieldPath, findings: Findings): readonly Layer[] {
  const canvas = metadata["canvas_v2_metadata"], control = metadata["control_layers"];
  const layered = (list: unknown, ...at: readonly string[]): readonly Layer[] =>
    listOf(list).flatMap((layer, i) => isObject(layer) ? [{ layer, at: [...path, ...at, i] }] : []);
  const leaveOut = (at: readonly string[], what: string) =>
    findings.warn("SETTING_LEFT_OUT", [...path, ...at], `${what} have no counterpart here, so they were left out`);
  if (isObject(canvas)) {
    for (const [kind, list] of Object.entries(canvas)) {
      if (kind !== "regionalGuidance" && listOf(list).length > 0) leaveOut(["canvas_v2_metadata", kind], kind);
    }
    return layered(canvas["regionalGuidance"], "canvas_v2_metadata", "regionalGuidance");
  }
  if (isObject(control)) {
    const layers = layered(control["layers"], "control_layers", "layers");
    const regional = layers.filter(({ layer }) => layer["type"] === "regional_guidance_layer");
    if (regional.length < layers.length) leaveOut(["control_layers"], "layers other than regional guidance");
    return regional;
  }
  return layered(metadata["regions"], "regions");
}
