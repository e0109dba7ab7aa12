/** A ComfyUI workflow as a layout: the prompts and areas that its sampler gets. */

import type { FieldPath } from "../../../errors.ts";
import type { RegionSpec } from "../../layout.ts";
import { type Adaptation, Findings } from "../adapted.ts";
import { areaRegion, type Canvas, checkCanvas } from "./areas.ts";
import { type Conditioning, ConditioningReader } from "./conditionings.ts";
import { type ComfyGraph, type ComfyNode, readComfyGraph } from "./graph.ts";
import type { Maybe } from "../../../problems.ts";

/** A workflow, as the editor saves it or as the API takes it. */
export interface ComfyWorkflowInput {
  readonly json: string;
  /** The picture's size in pixels. Default: that of the sampler's empty latent image. */
  readonly canvas?: Maybe<Canvas>;
}

/** What is not set in a file that names its areas completely. */
const WHOLE = { x: 0, y: 0, width: 1, height: 1 } as const;

/**
 * Reads the first sampler's positive and negative inputs: CLIPTextEncode, ConditioningSetArea, ...AreaPercentage,
 * ...AreaStrength, ...TimestepRange, ...Combine and ...Concat. Other nodes on the way are passed over, with a warning.
 *
 * A prompt without an area covers the canvas, with its strength beside the areas', as it does there; alone, it is the
 * base prompt of a plain picture. Total: any text gives a layout or problems. Their codes are those of `readComfyAreas`,
 * and TOO_MANY_REGIONS and UNSUPPORTED.
 *
 * @param path Where the input stands in the caller's; `["input"]` unless told.
 */
export function readComfyWorkflow(input: ComfyWorkflowInput, path: FieldPath = ["input"]): Adaptation {
  const findings = new Findings();
  const at = [...path, "json"];
  const given = input.canvas ?? null;
  if (given !== null) checkCanvas(given, [...path, "canvas"], findings);
  const graph = readComfyGraph(input.json, at, findings);
  const sampler = graph === undefined ? undefined : findSampler(graph, at, findings);
  if (graph === undefined || sampler === undefined) return { problems: findings.problems };

  const reader = new ConditioningReader(graph, at, findings);
  const positive = reader.read(sampler.inputs.get("positive"), [...at, sampler.id, "positive"]);
  const negativeInput = sampler.inputs.get("negative");
  const negative = negativeInput === undefined ? [] : reader.read(negativeInput, [...at, sampler.id, "negative"]);
  const canvas = given ?? canvasOf(graph, sampler);
  const whole = positive.find(({ area }) => area === null);
  const { shared, own } = readNegatives(negative, positive, findings);
  const plain = positive.length === 1 && whole !== undefined && isWhole(whole);
  const regions = plain ? [] : positive.flatMap((conditioning) => {
    const region = regionOf(conditioning, canvas, findings);
    const text = own.get(keyOf(conditioning));
    return region === undefined ? [] : [text === undefined ? region : { ...region, negativePrompt: text }];
  });
  return findings.answer({
    promptSyntax: "WEIGHTED",
    basePrompt: whole?.text ?? "",
    negativePrompt: shared,
    overlap: "NORMALIZE",
    holes: "BASE",
    ...(canvas === null ? {} : { aspect: canvas.width / canvas.height }),
    regions,
  });
}

/** Whether it is nothing but a prompt. */
function isWhole({ strength, start, end }: Conditioning): boolean {
  return strength === 1 && start === 0 && end === 1;
}

function regionOf(conditioning: Conditioning, canvas: Canvas | null, findings: Findings): RegionSpec | undefined {
  const { text: prompt, area, strength, start, end, path } = conditioning;
  const { x, y, width, height } = area ?? WHOLE;
  const pixels = area?.unit === "PIXELS";
  if (pixels && canvas === null) {
    const rule = "must be on a canvas of known size: give one, or connect the sampler to an empty latent image";
    findings.problem("INVALID_GEOMETRY", path, area, rule);
    return undefined;
  }
  return areaRegion({ prompt, x, y, width, height, strength, start, end }, pixels ? canvas : null, path, findings);
}

/** The negative of everything, and those of areas that have a prompt too, by area. */
function readNegatives(
  negative: readonly Conditioning[],
  positive: readonly Conditioning[],
  findings: Findings,
): { readonly shared: string; readonly own: ReadonlyMap<string, string> } {
  const areas = new Set(positive.filter(({ area }) => area !== null).map(keyOf));
  const own = new Map<string, string>();
  let shared: string | undefined;
  for (const conditioning of negative) {
    const key = keyOf(conditioning);
    if (conditioning.area === null && shared === undefined) shared = conditioning.text;
    else if (conditioning.area !== null && areas.has(key) && !own.has(key)) own.set(key, conditioning.text);
    else {
      const message = "a negative prompt was left out: it is a second one, or its area has no prompt";
      findings.warn("NEGATIVE_LEFT_OUT", conditioning.path, message);
    }
  }
  return { shared: shared ?? "", own };
}

function keyOf({ area }: Conditioning): string {
  return JSON.stringify(area);
}

function findSampler(graph: ComfyGraph, path: FieldPath, findings: Findings): ComfyNode | undefined {
  const samplers = [...graph.values()].filter(({ type, inputs }) =>
    /sampler|guider/i.test(type) && inputs.has("positive")
  );
  const [first, second] = samplers;
  if (first === undefined) {
    findings.problem("UNSUPPORTED", path, [...graph.values()].slice(0, 3).map(({ type }) => type), SAMPLER_RULE);
  } else if (second !== undefined) {
    findings.warn("SEVERAL_SAMPLERS", [...path, first.id], `there are ${samplers.length} samplers, the first was read`);
  }
  return first;
}

const SAMPLER_RULE = "must have a sampler with a positive input, for instance a KSampler";

/** The size of the empty latent image that the sampler begins with. */
function canvasOf(graph: ComfyGraph, sampler: ComfyNode): Canvas | null {
  const seen = new Set<ComfyNode>();
  let node: ComfyNode | undefined = sampler;
  while (node !== undefined && !seen.has(node)) {
    seen.add(node);
    const [width, height] = [sizeOf(node, "width"), sizeOf(node, "height")];
    if (/^Empty.*Latent/.test(node.type) && width !== undefined && height !== undefined) return { width, height };
    const inputs: ComfyNode["inputs"] = node.inputs;
    const input = inputs.get("latent_image") ?? inputs.get("samples");
    node = input !== undefined && "link" in input ? graph.get(input.link.node) : undefined;
  }
  return null;
}

function sizeOf({ inputs }: ComfyNode, name: string): number | undefined {
  const input = inputs.get(name);
  const value = input === undefined || "link" in input ? undefined : input.value;
  return typeof value === "number" && value > 0 ? value : undefined;
}
