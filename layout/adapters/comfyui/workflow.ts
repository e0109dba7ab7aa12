/** A ComfyUI workflow as a layout and settings: the prompts, areas and masks that its first sampler gets. */

import { type FieldPath, quote } from "../../../errors.ts";
import type { LayoutSpec, RegionSpec } from "../../layout.ts";
import type { LoraUse } from "../../lora_use.ts";
import { type Adaptation, Findings } from "../adapted.ts";
import type { Maybe } from "../../../problems.ts";
import type { ImportedSettings } from "../settings.ts";
import { type Canvas, checkCanvas } from "./areas.ts";
import { canvasOf } from "./canvas.ts";
import { type Conditioning, describe, isPlaced } from "./conditioning.ts";
import { ConditioningReader } from "./conditionings.ts";
import { BASE, type CoupledRegion, CoupleReader } from "./couples.ts";
import { readComfyGraph } from "./graph.ts";
import { nameLeftOut } from "./left_out.ts";
import { readLora } from "./loras.ts";
import { Masks } from "./masks.ts";
import type { ComfyNode } from "./node.ts";
import { Reading } from "./reading.ts";
import { placeOf, Regions } from "./regions.ts";
import { consumersOf, findSamplers, settingNodes } from "./samplers.ts";
import { Scalars } from "./scalars.ts";
import { isModelLoader, readModelName, readSettings } from "./settings.ts";

/** A workflow, as the editor saves it or as the API takes it. */
export interface ComfyWorkflowInput {
  readonly json: string;
  /** The picture's size in pixels. Default: that of the sampler's empty latent image. */
  readonly canvas?: Maybe<Canvas>;
}

const SAMPLER_RULE = "must have a sampler with a positive input, for instance a KSampler";

/** Longer lines of nodes that change a model are no picture's. */
const MAX_LINE = 500;

/**
 * Evaluates what the first sampler gets: texts, numbers, areas, masks, conditionings and the regions of attention-couple
 * nodes, which docs/layouts.md lists; its settings come beside the layout. Whatever else has a part in the picture is
 * named in a warning at its node.
 *
 * A prompt without an area covers the canvas, with its strength beside the areas', as it does there; alone, or beside
 * attention-couple regions, it is the base prompt. Total: any text gives a layout or problems. Their codes are those of
 * `readComfyAreas`, and TOO_MANY_REGIONS and UNSUPPORTED.
 *
 * @param path Where the input stands in the caller's; by default `["input"]`.
 */
export function readComfyWorkflow(input: ComfyWorkflowInput, path: FieldPath = ["input"]): Adaptation {
  const findings = new Findings();
  const at = [...path, "json"];
  const given = input.canvas ?? null;
  if (given !== null) checkCanvas(given, [...path, "canvas"], findings);
  const graph = readComfyGraph(input.json, at, findings);
  if (graph === undefined) return { problems: findings.problems };
  const consumers = consumersOf(graph);
  const samplers = findSamplers(graph, consumers);
  if (samplers === undefined) {
    findings.problem("UNSUPPORTED", at, [...graph.values()].slice(0, 3).map(({ type }) => type), SAMPLER_RULE);
    return { problems: findings.problems };
  }
  const reading = new Reading(graph, at, findings);
  const { first, others } = samplers;
  for (const other of others) {
    const message = `there are ${others.length + 1} samplers; ${first.type} at ${quote(first.id)}, the first, was read`;
    findings.warn("SEVERAL_SAMPLERS", reading.at(other), message);
  }
  const { spec, settings } = new SamplerReader(reading, first).read(given);
  if (findings.problems.length === 0) nameLeftOut(reading, [first, ...others], consumers);
  return findings.answer(spec, settings);
}

/** Reads one sampler. */
class SamplerReader {
  readonly #scalars: Scalars;
  readonly #conditionings: ConditioningReader;
  readonly #couples: CoupleReader;
  /** The sampler and the nodes with its settings. */
  readonly #nodes: readonly ComfyNode[];

  constructor(private readonly reading: Reading, private readonly sampler: ComfyNode) {
    this.#scalars = new Scalars(reading);
    const masks = new Masks(reading, this.#scalars);
    this.#conditionings = new ConditioningReader(reading, this.#scalars, masks);
    this.#couples = new CoupleReader(reading, this.#scalars, this.#conditionings, masks);
    this.#nodes = settingNodes(reading, sampler);
  }

  read(given: Canvas | null): { readonly spec: LayoutSpec; readonly settings: ImportedSettings } {
    const positive = this.#prompts(["positive", "conditioning", "cond1"]);
    const negative = this.#nodes.some((node) => node.inputs.has("negative")) ? this.#prompts(["negative"]) : [];
    const { regions: coupled, model, loras } = this.#modelLine();
    const canvas = given ?? canvasOf(this.reading, this.#scalars, this.#nodes);
    const regions = new Regions(this.reading, canvas);

    const background = coupled.find(({ mask }) => mask === null)?.conditioning;
    const whole = background ?? positive.find((c) => c.fillsRest) ??
      positive.find((c) => !isPlaced(c));
    const isBase = coupled.length > 0 || (positive.length === 1 && whole !== undefined && isPlain(whole));
    const { shared, own } = this.#negatives(negative, positive);
    const painted = positive.filter((c) => !c.fillsRest && !(isBase && !isPlaced(c)));
    this.#nameReplaced(positive, painted, whole);
    if (whole?.fillsRest === true && painted.some(({ strength, maskStrength }) => strength * maskStrength < 1)) {
      const message =
        "strengths below 1 let the default prompt through there; here it paints only where no region does";
      this.reading.findings.warn("SETTING_APPROXIMATED", whole.path, message);
    }
    const spec: LayoutSpec = {
      promptSyntax: "WEIGHTED",
      emphasis: "COMFY",
      basePrompt: whole?.text ?? "",
      negativePrompt: shared,
      overlap: "NORMALIZE",
      holes: "BASE",
      ...(canvas === null ? {} : { aspect: canvas.width / canvas.height }),
      regions: [
        ...painted.flatMap((conditioning): RegionSpec[] => {
          const region = regions.ofConditioning(conditioning), text = own.get(placeOf(conditioning));
          return region === undefined ? [] : [text === undefined ? region : { ...region, negativePrompt: text }];
        }),
        ...coupled.flatMap((region) => {
          const prompt = region.conditioning === BASE ? whole?.text ?? "" : region.conditioning.text;
          return regions.ofCouple(region, prompt) ?? [];
        }),
      ],
    };
    const settings = readSettings(this.reading, this.#scalars, this.#nodes);
    const sized = canvas !== null && Number.isInteger(canvas.width) && Number.isInteger(canvas.height);
    return {
      spec,
      settings: {
        ...settings,
        ...(sized ? { width: canvas.width, height: canvas.height } : {}),
        ...(model === undefined ? {} : { model }),
        ...(loras.length === 0 ? {} : { loras }),
      },
    };
  }

  /** The conditionings that a sampler, its guider or its pipe has under one of these names. */
  #prompts(names: readonly string[]): readonly Conditioning[] {
    for (const node of this.#nodes) {
      const name = names.find((own) => node.inputs.has(own));
      const input = name === undefined ? undefined : node.inputs.get(name);
      if (name === undefined || input === undefined) continue;
      const isText = "value" in input && typeof input.value === "string";
      return isText ? this.#conditionings.text(node, name) : this.#conditionings.read(node, name);
    }
    return this.#conditionings.read(this.sampler, names[0] ?? "");
  }

  /** The regions that nodes on the model's line give to its attention, its LoRAs, and the checkpoint at its end. */
  #modelLine(): {
    readonly regions: readonly CoupledRegion[];
    readonly loras: readonly LoraUse[];
    readonly model: string | undefined;
  } {
    const loras: LoraUse[] = [];
    const load = (node: ComfyNode) => {
      const lora = readLora(this.reading, this.#scalars, node);
      if (lora !== undefined) loras.unshift(lora);
    };
    const regions = [...this.#nodes.flatMap((node) => this.#couples.readSampler(node) ?? [])];
    const from = this.#nodes.find((node) => this.reading.connected(node, "model"));
    let source = from === undefined ? null : this.reading.source(from, "model");
    for (let i = 0; source !== null && i < MAX_LINE; i++) {
      const { node } = source;
      load(node);
      if (isModelLoader(node)) return { regions, loras, model: readModelName(this.reading, node) };
      const coupled = this.#couples.readModel(node);
      if (coupled !== undefined) regions.unshift(...coupled);
      source = this.reading.through(node, "model");
      if (coupled !== undefined) this.reading.input(node, "model");
    }
    const pipe = this.#nodes.find(isModelLoader);
    if (pipe === undefined) return { regions, loras, model: undefined };
    load(pipe);
    return { regions, loras, model: readModelName(this.reading, pipe) };
  }

  /** The negative of everything, and those of places that have a prompt too, by place. */
  #negatives(
    negative: readonly Conditioning[],
    positive: readonly Conditioning[],
  ): { readonly shared: string; readonly own: ReadonlyMap<string, string> } {
    const isWhole = (conditioning: Conditioning) => !isPlaced(conditioning);
    const places = new Set(positive.filter((c) => !isWhole(c)).map(placeOf));
    const own = new Map<string, string>();
    let shared: string | undefined;
    for (const conditioning of negative) {
      const place = placeOf(conditioning);
      if (isWhole(conditioning) && shared === undefined) shared = conditioning.text;
      else if (!isWhole(conditioning) && places.has(place) && !own.has(place)) own.set(place, conditioning.text);
      else {
        const message = `the negative prompt ${describe([conditioning])} was left out: ` +
          "it is a second one, or its area has no prompt";
        this.reading.findings.warn("NEGATIVE_LEFT_OUT", conditioning.path, message);
        continue;
      }
      if (conditioning.start !== 0 || conditioning.end !== 1) {
        const message = "a negative prompt counts in all steps here, so its range was left out";
        this.reading.findings.warn("SETTING_LEFT_OUT", conditioning.path, message);
      }
    }
    return { shared: shared ?? "", own };
  }

  /** Prompts of the whole canvas that regions of attention stand in for. */
  #nameReplaced(
    positive: readonly Conditioning[],
    painted: readonly Conditioning[],
    whole: Conditioning | undefined,
  ): void {
    for (const conditioning of positive) {
      if (painted.includes(conditioning) || conditioning.text === whole?.text) continue;
      const message = `the prompt ${quote(conditioning.text)} was left out: ` +
        `where no region paints, ${quote(whole?.text ?? "")} does`;
      this.reading.findings.warn("NODE_UNKNOWN", conditioning.path, message);
    }
  }
}

/** Whether it is nothing but a prompt. */
function isPlain({ strength, start, end }: Conditioning): boolean {
  return strength === 1 && start === 0 && end === 1;
}
