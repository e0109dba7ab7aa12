/** Following a workflow's links from a sampler back to its prompts. */

import { type FieldPath, quote } from "../../../errors.ts";
import { type Conditioning, type ConditioningArea, describe, isPlaced, plain } from "./conditioning.ts";
import { ENCODERS, LOADERS } from "./encoders.ts";
import type { ComfyNode } from "./node.ts";
import type { Masks } from "./masks.ts";
import type { Reading, Source } from "./reading.ts";
import type { Scalars } from "./scalars.ts";
import { comfyText } from "./text.ts";

/** Sums of more prompts are no picture's. */
const MAX_CONDITIONINGS = 256;

/** Concatenations of themselves double in length with each node. */
const MAX_TEXT = 100_000;

/** The inputs by which nodes that are not known hand on a conditioning: the positive or only one, and the negative one. */
const HANDED_ON = [
  ["conditioning", "positive", "conditioning_to", "conditioning_1", "conditioning1", "cond", "base_cond"],
  ["negative"],
] as const;

/** Reads conditionings from a graph, and remembers those that it has read. */
export class ConditioningReader {
  readonly #known = new Map<string, readonly Conditioning[]>();

  constructor(
    private readonly reading: Reading,
    private readonly scalars: Scalars,
    private readonly masks: Masks,
  ) {}

  /** The conditionings of an input, in the order they were combined. Problems are noted, and leave fewer. */
  read(node: ComfyNode, name: string): readonly Conditioning[] {
    const { findings } = this.reading;
    const before = findings.problems.length;
    const source = this.reading.source(node, name), at = this.reading.at(node, name);
    if (source !== null) return this.#follow(source, at);
    if (findings.problems.length === before) {
      const input = node.inputs.get(name);
      const [value, rule] = input !== undefined && "link" in input
        ? [input.link.node, "must be connected to a conditioning that is not left out"]
        : [input?.value, "must be connected to a conditioning"];
      findings.problem("INVALID_VALUE", at, value, rule);
    }
    return [];
  }

  /** The same of an input that may be missing, or lead to nodes that are left out. */
  optional(node: ComfyNode, name: string): readonly Conditioning[] {
    const source = this.reading.source(node, name);
    return source === null ? [] : this.#follow(source, this.reading.at(node, name));
  }

  /** A prompt that stands in a node. */
  text(node: ComfyNode, name: string): readonly Conditioning[] {
    return [plain(comfyText(this.scalars.text(node, name) ?? ""), this.reading.at(node))];
  }

  #follow(source: Source, at: FieldPath): readonly Conditioning[] {
    return this.reading.once(this.#known, source, at, () => this.#make(source), []);
  }

  #make({ node, slot }: Source): readonly Conditioning[] {
    const at = this.reading.at(node);
    const texts = ENCODERS.get(node.type);
    if (texts !== undefined) return this.#encoded(node, texts);
    const loader = LOADERS.get(node.type);
    if (loader !== undefined) return this.text(node, slot === loader.negative ? "negative" : "positive");
    const number = (name: string, fallback?: number) => this.scalars.number(node, name, fallback);
    switch (node.type) {
      case "ConditioningCombine":
      case "ConditioningMultiCombine":
      case "ConditioningCombineMultiple+":
      case "CombineConditionings":
        return this.#combined(node, [...node.inputs.keys()].filter((name) => name.startsWith("conditioning")));
      case "PairConditioningCombine":
        return this.#combined(node, slot === 1 ? ["negative_A", "negative_B"] : ["positive_A", "positive_B"]);
      case "ConditioningConcat":
        return this.#concatenated(node);
      case "ConditioningAverage":
        return this.#averaged(node, number("conditioning_to_strength", 1));
      case "ConditioningZeroOut": {
        const emptied = this.read(node, "conditioning");
        const message = `it empties its prompt ${
          quote(emptied.map(({ text }) => text).join(" | "))
        }; "" stands for that`;
        this.reading.name("NODE_UNKNOWN", node, message);
        return emptied.map((c) => ({ ...c, text: "", path: at }));
      }
      case "ConditioningSetArea":
      case "ConditioningSetAreaPercentage": {
        const unit = node.type === "ConditioningSetArea" ? "PIXELS" : "FRACTIONS";
        const [x, y, width, height] = [number("x"), number("y"), number("width"), number("height")];
        const area: ConditioningArea = { unit, x, y, width, height }, strength = number("strength", 1);
        return this.read(node, "conditioning").map((c) => ({ ...c, area, strength, path: at }));
      }
      case "ConditioningSetAreaStrength": {
        const strength = number("strength", 1);
        return this.read(node, "conditioning").map((c) => ({ ...c, strength, path: at }));
      }
      case "ConditioningSetMask":
        return this.#masked(node, this.read(node, "conditioning"), "mask", number("strength", 1));
      case "RegionalConditioningSimple //Inspire":
        return this.#masked(node, this.text(node, "prompt"), "mask", number("strength", 1));
      case "RegionalConditioningColorMask //Inspire": {
        const mask = this.masks.ofColour(node), maskStrength = number("strength", 1);
        return this.text(node, "prompt").map((c) => ({ ...c, mask, maskStrength, path: at }));
      }
      case "ConditioningSetTimestepRange": {
        const [start, end] = [number("start", 0), number("end", 1)];
        this.#sayRange(node);
        return this.read(node, "conditioning").map((c) => ({ ...c, start, end, path: at }));
      }
      case "ConditioningSetProperties":
        return this.#properties(node, "cond_NEW");
      case "ConditioningSetPropertiesAndCombine":
        return this.#sum(node, this.read(node, "cond"), this.#properties(node, "cond_NEW"));
      case "PairConditioningSetProperties":
        return this.#properties(node, slot === 1 ? "negative_NEW" : "positive_NEW");
      case "PairConditioningSetPropertiesAndCombine": {
        const kind = slot === 1 ? "negative" : "positive";
        return this.#sum(node, this.read(node, kind), this.#properties(node, `${kind}_NEW`));
      }
      // Its prompts' masks count in attention, as they do here.
      case "Attention couple":
        return this.read(node, slot === 2 ? "negative" : "positive");
      case "ConditioningSetDefaultCombine":
        return this.#withDefault(node, "cond");
      case "PairConditioningSetDefaultCombine":
        return this.#withDefault(node, slot === 1 ? "negative" : "positive");
    }
    if (/^ConditioningSetMaskAndCombine\d?$/.test(node.type)) return this.#masksCombined(node, slot);
    return this.#passOn(node, slot);
  }

  #encoded(node: ComfyNode, [first = "text", ...more]: readonly string[]): readonly Conditioning[] {
    const [prompt] = this.text(node, first);
    for (const name of more) {
      const other = this.scalars.text(node, name);
      if (other === undefined || other === "" || comfyText(other) === prompt?.text) continue;
      const message = `${name} differs from ${first} and was left out, since one prompt goes to all text encoders: ${
        quote(other)
      }`;
      this.reading.findings.warn("NODE_UNKNOWN", this.reading.at(node, name), message);
    }
    return prompt === undefined ? [] : [prompt];
  }

  #combined(node: ComfyNode, names: readonly string[]): readonly Conditioning[] {
    const required = node.type === "ConditioningCombine" ? ["conditioning_1", "conditioning_2"] : names;
    return required.reduce<readonly Conditioning[]>((all, name) => {
      // What is muted is left out, and said to be; what was never connected is a problem.
      const own = this.reading.connected(node, name) ? this.optional(node, name) : this.read(node, name);
      return this.#sum(node, all, own);
    }, []);
  }

  #sum(node: ComfyNode, a: readonly Conditioning[], b: readonly Conditioning[]): readonly Conditioning[] {
    if (a.length + b.length <= MAX_CONDITIONINGS) return [...a, ...b];
    const rule = `must combine at most ${MAX_CONDITIONINGS} conditionings`;
    this.reading.findings.problem("TOO_MANY_REGIONS", this.reading.at(node), a.length + b.length, rule);
    return [];
  }

  #concatenated(node: ComfyNode): readonly Conditioning[] {
    const at = this.reading.at(node);
    const [behind, ...more] = this.read(node, "conditioning_from");
    if (more.length > 0) {
      const message = `only the first of several conditionings is put behind, as it is there, not ${describe(more)}`;
      this.reading.findings.warn("NODE_UNKNOWN", this.reading.at(node, "conditioning_from"), message);
    }
    if (behind !== undefined && isPlaced(behind)) {
      const message = `only its words are put behind, as it is there, not the place of ${describe([behind])}`;
      this.reading.findings.warn("NODE_UNKNOWN", this.reading.at(node, "conditioning_from"), message);
    }
    const to = this.read(node, "conditioning_to");
    if (to.length === 0 && behind !== undefined) {
      this.reading.name("NODE_UNKNOWN", node, `there is nothing to put ${describe([behind])} behind`);
    }
    return to.map((c) => {
      // Contexts one behind the other are what BREAK makes of two prompts.
      const text = `${c.text} BREAK ${behind?.text ?? ""}`;
      if (text.length <= MAX_TEXT) return { ...c, text, path: at };
      const rule = `must have prompts of at most ${MAX_TEXT} characters`;
      this.reading.findings.problem("OUT_OF_RANGE", at, text.length, rule);
      return { ...c, path: at };
    });
  }

  /** States of two prompts, mixed; here a prompt has one text. */
  #averaged(node: ComfyNode, share: number): readonly Conditioning[] {
    const to = this.read(node, "conditioning_to"), from = this.read(node, "conditioning_from");
    const texts = describe(from);
    if (share < 1) {
      const message = `it mixes ${share} of its prompt with ${texts}, which was left out`;
      this.reading.name("NODE_UNKNOWN", node, message);
    } else if (from.length > 0) this.reading.name("NODE_UNKNOWN", node, `it takes nothing of ${texts}`);
    return to.map((c) => ({ ...c, path: this.reading.at(node) }));
  }

  #masked(node: ComfyNode, conditionings: readonly Conditioning[], name: string, maskStrength: number) {
    // A mask of nothing is not read, so that it will be named.
    if (conditionings.length === 0) return [];
    const before = this.reading.findings.problems.length;
    const mask = this.masks.read(node, name);
    if (mask === undefined && this.reading.findings.problems.length === before) {
      const rule = "must be connected to a mask that is not left out";
      this.reading.findings.problem("INVALID_VALUE", this.reading.at(node, name), node.type, rule);
    }
    const path = this.reading.at(node);
    const replaced = conditionings.filter((c) => c.mask !== null);
    if (replaced.length > 0) {
      const message = `it sets another mask, as it does there, in place of that of ${describe(replaced)}`;
      this.reading.findings.warn("NODE_UNKNOWN", this.reading.at(node, name), message);
    }
    return conditionings.map((c) => ({ ...c, mask: mask ?? null, maskStrength, path }));
  }

  /** `comfy.hooks.set_mask_conds`: a strength, and, where they are connected, a mask and a range. */
  #properties(node: ComfyNode, name: string): readonly Conditioning[] {
    const optional = (input: string) => [input, `opt_${input}`].find((own) => this.reading.connected(node, own));
    const mask = optional("mask"), timesteps = optional("timesteps");
    const strength = this.scalars.number(node, "strength", 1);
    let read = this.read(node, name).map((c): Conditioning => ({ ...c, path: this.reading.at(node) }));
    read = mask === undefined ? read.map((c) => ({ ...c, strength })) : this.#masked(node, read, mask, strength);
    const range = timesteps === undefined ? null : this.reading.source(node, timesteps);
    if (range?.node.type !== "ConditioningTimestepsRange") return read;
    const start = this.scalars.number(range.node, "start_percent", 0);
    const end = this.scalars.number(range.node, "end_percent", 1);
    this.#sayRange(range.node);
    const window = [{ start, end }, { start: 0, end: start }, { start: end, end: 1 }][range.slot] ?? { start, end };
    return read.map((c) => ({ ...c, ...window }));
  }

  #withDefault(node: ComfyNode, name: string): readonly Conditioning[] {
    const rest = this.read(node, `${name}_DEFAULT`).map((c) => ({ ...c, fillsRest: true }));
    return this.#sum(node, this.read(node, name), rest);
  }

  /** KJNodes: pairs of prompts with a mask and a strength each. */
  #masksCombined(node: ComfyNode, slot: number): readonly Conditioning[] {
    const kind = slot === 1 ? "negative" : "positive";
    const numbers = [1, 2, 3, 4, 5, 6].filter((i) => this.reading.connected(node, `${kind}_${i}`));
    return numbers.flatMap((i) => {
      const strength = this.scalars.number(node, `mask_${i}_strength`, 1);
      return this.#masked(node, this.read(node, `${kind}_${i}`), `mask_${i}`, strength);
    });
  }

  #sayRange(node: ComfyNode): void {
    this.reading.name("TIMESTEP_RANGE", node, "its range counts the noise schedule, here it counts the steps");
  }

  #passOn(node: ComfyNode, slot: number): readonly Conditioning[] {
    const name = HANDED_ON[isNegative(node, slot) ? 1 : 0].find((own) => this.reading.connected(node, own));
    const source = name === undefined ? null : this.reading.through(node, name);
    if (name !== undefined && source !== null) return this.#follow(source, this.reading.at(node, name));
    const rule = "must be a node that makes or hands on a conditioning";
    this.reading.findings.problem("UNSUPPORTED", this.reading.at(node), node.type, rule);
    return [];
  }
}

/**
 * Whether an output of a node that is not known is its negative one: the second of its conditionings. The API's format
 * does not say of what kind outputs are; nodes that change a model, too, offer that first.
 */
function isNegative({ slots, inputs }: ComfyNode, slot: number): boolean {
  const kinds = slots?.outputs.slice(0, slot + 1) ?? [];
  if (kinds[slot] === "CONDITIONING") return kinds.filter((kind) => kind === "CONDITIONING").length > 1;
  return slot === (inputs.has("model") ? 2 : 1);
}
