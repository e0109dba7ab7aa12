/** Nodes that give regions to a model's attention, or to a sampler: each with a prompt and a mask. */

import { type Conditioning, plain } from "./conditioning.ts";
import type { ConditioningReader } from "./conditionings.ts";
import type { Masks, ReadMask } from "./masks.ts";
import type { ComfyNode } from "./node.ts";
import type { Reading } from "./reading.ts";
import type { Scalars } from "./scalars.ts";

/** A prompt with the part of the canvas in which attention follows it. */
export interface CoupledRegion {
  readonly conditioning: Conditioning;
  /** Null: what the other regions leave. */
  readonly mask: ReadMask | null;
  readonly weight: number;
}

/** More are no picture's. */
const MAX_REGIONS = 256;

/** Reads the families of AttentionCouple (cgem156, ppm), of tooling-nodes (ETN), and Impact's regional prompts. */
export class CoupleReader {
  readonly #known = new Map<string, readonly CoupledRegion[]>();

  constructor(
    private readonly reading: Reading,
    private readonly scalars: Scalars,
    private readonly conditionings: ConditioningReader,
    private readonly masks: Masks,
  ) {}

  /** The regions of a node on the model's line; undefined where it is none that has any. */
  readModel(node: ComfyNode): readonly CoupledRegion[] | undefined {
    switch (node.type) {
      case "AttentionCouplePPM":
      case "AttentionCouple":
      case "AttentionCouple|cgem156": {
        const base = this.#base(node);
        if (this.reading.connected(node, "regions")) return [...base, ...this.#follow(node, "regions")];
        const numbers = [...node.inputs.keys()].flatMap((name) => /^cond_(\d+)$/.exec(name)?.[1] ?? []);
        return [
          ...base,
          ...numbers.flatMap((i) => this.#region(node, `cond_${i}`, `mask_${i}`, 1)),
        ];
      }
      case "ETN_AttentionMask":
        return this.#follow(node, "regions");
    }
    return undefined;
  }

  /** The regions of a sampler that takes regional prompts; undefined for other samplers. */
  readSampler(node: ComfyNode): readonly CoupledRegion[] | undefined {
    return this.reading.connected(node, "regional_prompts") ? this.#follow(node, "regional_prompts") : undefined;
  }

  /** The sampler's own prompt takes part where the base mask says so; its text comes with the sampler. */
  #base(node: ComfyNode): readonly CoupledRegion[] {
    const mask = this.masks.read(node, "base_mask");
    if (mask === undefined || ("grid" in mask && mask.grid.values.every((value) => value === 0))) return [];
    return [{ conditioning: BASE, mask, weight: 1 }];
  }

  /** The regions of an input, in the order in which they name one another. */
  #follow(from: ComfyNode, name: string): readonly CoupledRegion[] {
    const source = this.reading.source(from, name);
    if (source === null) return [];
    return this.reading.once(this.#known, source, this.reading.at(from, name), () => this.#make(source.node), []);
  }

  #make(node: ComfyNode): readonly CoupledRegion[] {
    switch (node.type) {
      case "AttentionCoupleRegion":
      case "AttentionCoupleRegion|cgem156":
        return this.#sum(node, "regions", this.#region(node, "cond", "mask", this.scalars.number(node, "weight", 1)));
      case "ETN_DefineRegion":
        return this.#sum(node, "regions", this.#region(node, "conditioning", "mask", 1));
      case "ETN_BackgroundRegion":
        return this.conditionings.read(node, "conditioning").map((conditioning) => ({
          conditioning,
          mask: null,
          weight: 1,
        }));
      case "AttentionCoupleRegions":
      case "CombineRegionalPrompts":
        return [...node.inputs.keys()].filter((name) => this.reading.connected(node, name)).reduceRight(
          (all, name) => this.#sum(node, name, all),
          [] as readonly CoupledRegion[],
        );
      case "RegionalPrompt": {
        const sampler = this.reading.source(node, "advanced_sampler");
        const pipe = sampler === null ? null : this.reading.source(sampler.node, "basic_pipe");
        if (pipe !== null) return this.#region(node, "positive", "mask", 1, pipe.node);
        break;
      }
      case "RegionalPromptSimple //Inspire":
      case "RegionalPromptColorMask //Inspire":
        return this.#inspire(node);
    }
    const rule = "must be connected to nodes that define regions and are not left out";
    this.reading.findings.problem("UNSUPPORTED", this.reading.at(node), node.type, rule);
    return [];
  }

  /** What an input brings, before other regions. */
  #sum(node: ComfyNode, name: string, behind: readonly CoupledRegion[]): readonly CoupledRegion[] {
    const regions = this.reading.connected(node, name) ? [...this.#follow(node, name), ...behind] : behind;
    if (regions.length <= MAX_REGIONS) return regions;
    const rule = `must have at most ${MAX_REGIONS} regions`;
    this.reading.findings.problem("TOO_MANY_REGIONS", this.reading.at(node), regions.length, rule);
    return [];
  }

  #region(node: ComfyNode, cond: string, name: string, weight: number, prompt = node): readonly CoupledRegion[] {
    const conditionings = this.conditionings.read(prompt, cond);
    // A mask of nothing is not read, so that it will be named.
    const mask = conditionings.length === 0 ? undefined : this.#mask(node, name);
    return mask === undefined ? [] : conditionings.map((conditioning) => ({ conditioning, mask, weight }));
  }

  /** A prompt of its own, or that of the pipe where it is empty. */
  #inspire(node: ComfyNode): readonly CoupledRegion[] {
    const colour = node.type.startsWith("RegionalPromptColorMask");
    const mask = colour ? this.masks.ofColour(node) : this.#mask(node, "mask");
    const pipe = this.scalars.read(node, "wildcard_prompt") === "" ? this.reading.source(node, "basic_pipe") : null;
    const prompts = pipe === null
      ? this.conditionings.text(node, "wildcard_prompt")
      : this.conditionings.read(pipe.node, "positive");
    return mask === undefined ? [] : prompts.map((conditioning) => ({ conditioning, mask, weight: 1 }));
  }

  #mask(node: ComfyNode, name: string): ReadMask | undefined {
    const before = this.reading.findings.problems.length;
    const mask = this.masks.read(node, name);
    if (mask === undefined && this.reading.findings.problems.length === before) {
      const rule = "must be connected to a mask that is not left out";
      this.reading.findings.problem("INVALID_VALUE", this.reading.at(node, name), node.type, rule);
    }
    return mask;
  }
}

/** Stands for the sampler's own prompt. */
export const BASE: Conditioning = plain("", []);
