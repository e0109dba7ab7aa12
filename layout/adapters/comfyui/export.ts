/** A layout as a ComfyUI workflow of its own nodes, in the API's format. */

import type { FieldPath } from "../../../errors.ts";
import type { Layout, Region } from "../../layout.ts";
import { pictureLoras, placedLoras } from "../../loras.ts";
import { parsedPrompts } from "../../prompts.ts";
import type { ParsedPrompt } from "../../prompt/prompt.ts";
import { type AdapterWarning, Findings } from "../adapted.ts";
import { warnOfEmphasis } from "../emphasis.ts";
import type { ImportedSettings } from "../settings.ts";
import type { Canvas } from "./areas.ts";
import { exportFeathered, exportMask, rectangleOf } from "./export_masks.ts";
import { type Output, WorkflowBuilder } from "./export_nodes.ts";
import { samplerNames } from "./export_settings.ts";
import { comfyPrompt } from "./export_text.ts";

/** A workflow, and what it cannot say. */
export interface ComfyWorkflow {
  /** The file's text: nodes by id, as ComfyUI's API takes them and its editor opens them. */
  readonly json: string;
  readonly warnings: readonly AdapterWarning[];
}

/** The largest strength that ComfyUI's nodes take. */
const MAX_STRENGTH = 10;

/** The short edge in pixels where the settings name no size. */
const SHORT_EDGE = 512;

/**
 * Writes a workflow: a checkpoint, an empty latent image, a prompt with an area or a mask for each region, the base
 * prompt where no region paints, a sampler, and the saved picture. Rectangles become ConditioningSetAreaPercentage, all
 * else SolidMask and MaskComposite.
 *
 * Every difference to the layout is a warning at its field, `layout.regions[0].seed` or `settings.width`. Where there is
 * none, `readComfyWorkflow` gives back an equal layout: the same prompts as they are encoded, on the same places, with
 * weights in the same proportions, the same windows, negatives and settings; names, common prompts and grids are written out and do not come back.
 *
 * @param settings By the names of a generation; what is absent is the node's default.
 */
export function comfyWorkflowOf(layout: Layout, settings: ImportedSettings): ComfyWorkflow {
  return new Exporter(layout, settings).write();
}

class Exporter {
  readonly #builder = new WorkflowBuilder();
  readonly #findings = new Findings();
  readonly #canvas: Canvas;
  /** The model, and the node whose second output encodes prompts: the checkpoint, or the last LoRA. */
  readonly #model: Output;
  readonly #checkpoint: Output;

  constructor(private readonly layout: Layout, private readonly settings: ImportedSettings) {
    const { model = "model.safetensors" } = settings;
    if (settings.model === undefined) {
      this.#leaveOut(
        ["settings", "model"],
        `no checkpoint is named, so the workflow asks for ${JSON.stringify(model)}`,
      );
    }
    this.#checkpoint = this.#builder.add("CheckpointLoaderSimple", { ckpt_name: model });
    this.#model = this.#loadLoras();
    this.#canvas = this.#size();
  }

  /** LoRAs of the whole picture one after the other; regions have none there. */
  #loadLoras(): Output {
    const { whole } = pictureLoras(this.layout, this.settings.loras);
    for (const { path, scope, name } of placedLoras(this.layout)) {
      if (typeof scope === "number") {
        this.#leaveOut(["layout", ...path], `regions have no LoRAs there, so ${name} was left out`);
      }
    }
    return whole.reduce<Output>(
      (loaded, { name, weight }) =>
        this.#builder.add("LoraLoader", {
          ...{ model: loaded, clip: [loaded[0], 1], lora_name: `${name}.safetensors` },
          ...{ strength_model: weight, strength_clip: weight },
        }),
      this.#checkpoint,
    );
  }

  write(): ComfyWorkflow {
    const { layout, settings } = this;
    const { positive, negative } = parsedPrompts(layout);
    this.#sayPolicies();
    warnOfEmphasis(layout, "COMFY", ["layout"], this.#findings);
    const painted: Output[] = [], kept: Output[] = [];
    const places = new Map<string, readonly number[]>();
    const factor = this.#strengthFactor();
    layout.regions.forEach((region, i) => {
      const at = ["layout", "regions", i];
      if (!region.enabled) {
        return this.#leaveOut([...at, "enabled"], `${region.name} is not enabled, so it was left out`);
      }
      const prompt = this.#encode(positive[i + 1], [...at, "prompt"], region.name);
      const placed = this.#place(prompt, region, Math.min(MAX_STRENGTH, region.weight * factor), at);
      if (placed === undefined) return;
      painted.push(this.#window(placed.conditioning, region, at));
      places.set(placed.place, [...places.get(placed.place) ?? [], i]);
      this.#sayRegion(region, at);
      if (region.negativePrompt === null) return;
      const own = this.#encode(negative[i + 1], [...at, "negativePrompt"], `not in ${region.name}`);
      const place = this.#place(own, region, 1, at);
      if (place !== undefined) kept.push(place.conditioning);
    });
    this.#sayNegatives(places);
    const base = this.#encode(positive[0], ["layout", "basePrompt"], "base");
    const shared = this.#encode(negative[0], ["layout", "negativePrompt"], "negative");
    const [ckpt] = this.#checkpoint;
    const latent_image = this.#builder.add("EmptyLatentImage", { ...this.#canvas, batch_size: 1 });
    const samples = this.#builder.add("KSampler", {
      model: this.#model,
      positive: this.#withRest(painted, base),
      negative: this.#withRest(kept, shared),
      ...{ latent_image, seed: settings.seed ?? 0, steps: settings.steps ?? 20, cfg: settings.guidanceScale ?? 8 },
      ...samplerNames(settings, (field, message) => this.#leaveOut(["settings", field], message)),
      denoise: 1,
    });
    const images = this.#builder.add("VAEDecode", { samples, vae: [ckpt, 2] });
    this.#builder.add("SaveImage", { images, filename_prefix: "parterre" });
    return { json: this.#builder.json(), warnings: this.#findings.warnings };
  }

  #size(): Canvas {
    const { aspect } = this.layout, { width, height } = this.settings;
    const ratio = aspect ?? 1, eighths = (pixels: number) => Math.max(8, Math.round(pixels / 8) * 8);
    if (width !== undefined && height !== undefined) {
      if (aspect !== null && width / height !== aspect) {
        this.#leaveOut(["layout", "aspect"], `the layout was made for ${aspect}, the picture is ${width} x ${height}`);
      }
      return { width, height };
    }
    const size = width !== undefined
      ? { width, height: eighths(width / ratio) }
      : height !== undefined
      ? { width: eighths(height * ratio), height }
      : ratio >= 1
      ? { width: eighths(SHORT_EDGE * ratio), height: SHORT_EDGE }
      : { width: SHORT_EDGE, height: eighths(SHORT_EDGE / ratio) };
    const missing = width === undefined ? "width" : "height";
    this.#leaveOut(["settings", missing], `no size is named, so the picture is ${size.width} x ${size.height}`);
    return size;
  }

  #encode(prompt: ParsedPrompt | undefined, path: FieldPath, title: string): Output {
    const { chunks, changes } = prompt === undefined ? { chunks: [""], changes: false } : comfyPrompt(prompt);
    if (changes) this.#leaveOut(path, "a prompt changes over the steps; it is written as it reads at the first");
    const [clip] = this.#model;
    const encoded = (chunks.length === 0 ? [""] : chunks).map((text) =>
      this.#builder.add("CLIPTextEncode", { text, clip: [clip, 1] }, title)
    );
    return encoded.reduce((conditioning_to, conditioning_from) =>
      this.#builder.add("ConditioningConcat", { conditioning_to, conditioning_from })
    );
  }

  #place(
    prompt: Output,
    region: Region,
    strength: number,
    at: FieldPath,
  ): { readonly conditioning: Output; readonly place: string } | undefined {
    const { geometry, feather, name } = region;
    const rectangle = rectangleOf(this.layout, geometry);
    if (rectangle !== undefined && feather === 0) {
      const { x, y, width, height } = rectangle;
      const area = { conditioning: prompt, width, height, x, y, strength };
      return {
        conditioning: this.#builder.add("ConditioningSetAreaPercentage", area),
        place: JSON.stringify({ x, y, width, height }),
      };
    }
    const drawn = rectangle === undefined
      ? exportMask(this.#builder, this.layout, region, this.#canvas)
      : exportFeathered(this.#builder, rectangle, feather, this.#canvas);
    if (drawn === undefined) {
      this.#leaveOut([...at, "geometry"], `mask nodes cannot draw ${name}, so it was left out`);
      return undefined;
    }
    const { mask, place, approximated, file } = drawn;
    if (approximated) {
      const field = rectangle === undefined ? "geometry" : "feather";
      const message = `${name} is drawn by rectangles of whole pixels${
        field === "feather" ? " with linear ramps" : ""
      }`;
      this.#once("MASK_APPROXIMATED", [...at, field], message);
    }
    if (file !== null) {
      const message = `put the mask's image into ComfyUI's folder of inputs, as ${file}`;
      this.#once("MASK_TO_UPLOAD", [...at, "geometry", "mask"], message);
    }
    if (rectangle === undefined && feather > 0) this.#leaveOut([...at, "feather"], "only rectangles can be feathered");
    const masked = { conditioning: prompt, mask, strength, set_cond_area: "default" };
    return { conditioning: this.#builder.add("ConditioningSetMask", masked), place };
  }

  #window(conditioning: Output, { start, end }: Region, at: FieldPath): Output {
    if (start === 0 && end === 1) return conditioning;
    const message = "its window counts the steps, there it counts the noise schedule";
    this.#once("TIMESTEP_RANGE", [...at, start === 0 ? "end" : "start"], message);
    return this.#builder.add("ConditioningSetTimestepRange", { conditioning, start, end });
  }

  /** All conditionings, and what paints where none of them does. */
  #withRest(conditionings: readonly Output[], rest: Output): Output {
    const [first, ...others] = conditionings;
    if (first === undefined) return rest;
    const cond = others.reduce(
      (all, own) => this.#builder.add("ConditioningCombine", { conditioning_1: all, conditioning_2: own }),
      first,
    );
    return this.#builder.add("ConditioningSetDefaultCombine", { cond, cond_DEFAULT: rest });
  }

  /**
   * What all weights are multiplied by; only their proportions count. Strengths below 1 would let the base prompt through
   * (`comfy/samplers.py`: a default conditioning has what the others leave of 1).
   */
  #strengthFactor(): number {
    const weights = this.layout.regions.flatMap(({ weight, enabled }) => enabled ? [weight] : []);
    const least = Math.min(1, ...weights), most = Math.max(1, ...weights);
    if (most / least <= MAX_STRENGTH) return 1 / least;
    const message =
      `weights of ${least} to ${most} cannot be strengths of 1 to ${MAX_STRENGTH}; the smallest ones are less`;
    this.#findings.warn("SETTING_APPROXIMATED", ["layout", "regions"], message);
    return MAX_STRENGTH / most;
  }

  #sayPolicies(): void {
    const { overlap, holes, regions } = this.layout;
    if (overlap === "Z_ORDER" && regions.length > 1) {
      this.#leaveOut(["layout", "overlap"], "regions cannot lie in front of one another; they share what they overlap");
    }
    if (holes !== "BASE" && regions.length > 0) {
      this.#leaveOut(["layout", "holes"], "what no region covers is painted by the base prompt");
    }
  }

  #sayRegion({ baseRatio, guidanceScale, seed, z }: Region, at: FieldPath): void {
    if (baseRatio !== 0) this.#leaveOut([...at, "baseRatio"], "a region cannot leave a share to the base prompt");
    if (guidanceScale !== null) this.#leaveOut([...at, "guidanceScale"], "there is one guidance for all regions");
    if (seed !== null) this.#leaveOut([...at, "seed"], "there is one seed for all regions");
    if (z !== 0 && this.layout.overlap === "NORMALIZE") this.#leaveOut([...at, "z"], "regions have no order in depth");
  }

  /** Negative prompts belong to places there, not to the prompts that share one. */
  #sayNegatives(places: ReadonlyMap<string, readonly number[]>): void {
    for (const regions of places.values()) {
      const negatives = regions.map((i) => this.layout.regions[i]?.negativePrompt ?? null);
      if (new Set(negatives).size < 2) continue;
      for (const i of regions) {
        const message = "another region has the same place, and what is kept away there counts for both";
        this.#leaveOut(["layout", "regions", i, "negativePrompt"], message);
      }
    }
  }

  #leaveOut(path: FieldPath, message: string): void {
    this.#once("NOT_EXPORTED", path, message);
  }

  /** A region with a negative prompt is placed twice. */
  #once(code: AdapterWarning["code"], path: FieldPath, message: string): void {
    const known = this.#findings.warnings.some((w) => w.code === code && w.path.join() === path.join());
    if (!known) this.#findings.warn(code, path, message);
  }
}
