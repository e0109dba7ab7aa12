/** Following a ComfyUI workflow's links from a sampler back to its prompts. */

import type { FieldPath } from "../../../errors.ts";
import type { Findings } from "../adapted.ts";
import { comfyText } from "./text.ts";
import type { ComfyGraph, ComfyInput, ComfyLink, ComfyNode } from "./graph.ts";

/** A prompt, in the syntax of layouts, with what the nodes behind it set; numbers are as the file has them, unchecked. */
export interface Conditioning {
  readonly text: string;
  readonly area: ConditioningArea | null;
  readonly strength: unknown;
  readonly start: unknown;
  readonly end: unknown;
  /** The node that set it last, for messages. */
  readonly path: FieldPath;
}

export interface ConditioningArea {
  readonly unit: "PIXELS" | "FRACTIONS";
  readonly x: unknown;
  readonly y: unknown;
  readonly width: unknown;
  readonly height: unknown;
}

/** Chains of more nodes, and sums of more prompts, are no picture's. */
const MAX_DEPTH = 500, MAX_CONDITIONINGS = 256;

/** Concatenations of themselves double in length with each node. */
const MAX_TEXT = 100_000;

/** The inputs by which nodes that are not known hand on a conditioning, by their output slot. */
const HANDED_ON = [["conditioning", "positive", "conditioning_to", "conditioning_1"], ["negative"]] as const;

/** Reads conditionings from a graph, and remembers those that it has read. */
export class ConditioningReader {
  readonly #read = new Map<string, readonly Conditioning[]>();
  readonly #open = new Set<string>();

  /** @param path Where the workflow stands in the caller's input. */
  constructor(
    private readonly graph: ComfyGraph,
    private readonly path: FieldPath,
    private readonly findings: Findings,
  ) {}

  /** The conditionings of an input, in the order they were combined. Problems are noted, and leave fewer. */
  read(input: ComfyInput | undefined, at: FieldPath): readonly Conditioning[] {
    if (input === undefined || !("link" in input)) {
      this.findings.problem("INVALID_VALUE", at, input?.value, "must be connected to a conditioning");
      return [];
    }
    return this.#follow(input.link, at);
  }

  #follow(link: ComfyLink, at: FieldPath): readonly Conditioning[] {
    const key = `${link.node}:${link.slot}`;
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const node = this.graph.get(link.node);
    if (node === undefined) {
      this.findings.problem("INVALID_VALUE", at, link.node, "must be connected to a node of the workflow");
      return [];
    }
    if (this.#open.has(key) || this.#open.size >= MAX_DEPTH) {
      const rule = this.#open.has(key) ? "must not be connected to itself" : `must be at most ${MAX_DEPTH} nodes deep`;
      this.findings.problem("INVALID_VALUE", at, link.node, rule);
      return [];
    }
    this.#open.add(key);
    const read = this.#readNode(node, link.slot);
    this.#open.delete(key);
    this.#read.set(key, read);
    return read;
  }

  #readNode(node: ComfyNode, slot: number): readonly Conditioning[] {
    const at = [...this.path, node.id];
    const from = (name: string) => this.read(node.inputs.get(name), [...at, name]);
    if (node.bypassed) return this.#passOn(node, slot, at);
    switch (node.type) {
      case "CLIPTextEncode":
        return [plain(this.#text(node, "text"), at)];
      case "CLIPTextEncodeSDXL": {
        const [large, small] = [this.#text(node, "text_g"), this.#text(node, "text_l")];
        const message = "text_l differs from text_g and was left out: one prompt goes to both text encoders";
        if (small !== large) this.findings.warn("NODE_UNKNOWN", [...at, "text_l"], message);
        return [plain(large, at)];
      }
      case "ConditioningCombine":
        return this.#combined(from("conditioning_1"), from("conditioning_2"), at);
      case "ConditioningConcat": {
        const [behind, ...more] = from("conditioning_from");
        const message = "only the first of several conditionings is put behind, as it is there";
        if (more.length > 0) this.findings.warn("NODE_UNKNOWN", [...at, "conditioning_from"], message);
        // Contexts one behind the other are what BREAK makes of two prompts.
        return from("conditioning_to").map((c) => {
          const text = `${c.text} BREAK ${behind?.text ?? ""}`;
          if (text.length <= MAX_TEXT) return { ...c, text, path: at };
          this.findings.problem("OUT_OF_RANGE", at, text.length, `must have prompts of at most ${MAX_TEXT} characters`);
          return { ...c, path: at };
        });
      }
      case "ConditioningSetArea":
      case "ConditioningSetAreaPercentage": {
        const unit = node.type === "ConditioningSetArea" ? "PIXELS" : "FRACTIONS";
        const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => valueOf(node, name));
        const area: ConditioningArea = { unit, x, y, width, height };
        return from("conditioning").map((c) => ({ ...c, area, strength: valueOf(node, "strength"), path: at }));
      }
      case "ConditioningSetAreaStrength":
        return from("conditioning").map((c) => ({ ...c, strength: valueOf(node, "strength"), path: at }));
      case "ConditioningSetTimestepRange":
        this.findings.warn("TIMESTEP_RANGE", at, "its range counts the noise schedule, here it counts the steps");
        return from("conditioning").map((c) => ({
          ...c,
          start: valueOf(node, "start"),
          end: valueOf(node, "end"),
          path: at,
        }));
      case "Reroute": {
        const [input] = node.inputs.values();
        return this.read(input, at);
      }
      default:
        this.findings.warn("NODE_UNKNOWN", at, `${node.type} is not understood, so what it does was left out`);
        return this.#passOn(node, slot, at);
    }
  }

  #combined(a: readonly Conditioning[], b: readonly Conditioning[], at: FieldPath): readonly Conditioning[] {
    if (a.length + b.length <= MAX_CONDITIONINGS) return [...a, ...b];
    const rule = `must combine at most ${MAX_CONDITIONINGS} conditionings`;
    this.findings.problem("TOO_MANY_REGIONS", at, a.length + b.length, rule);
    return [];
  }

  #passOn(node: ComfyNode, slot: number, at: FieldPath): readonly Conditioning[] {
    const names = HANDED_ON[slot === 1 ? 1 : 0].filter((name) => node.inputs.has(name));
    const [name] = names;
    if (name !== undefined) return this.read(node.inputs.get(name), [...at, name]);
    this.findings.problem("UNSUPPORTED", at, node.type, "must be a node that makes or hands on a conditioning");
    return [];
  }

  #text(node: ComfyNode, name: string): string {
    const at = [...this.path, node.id, name];
    let input = node.inputs.get(name);
    if (input !== undefined && "link" in input) {
      const source = this.graph.get(input.link.node);
      input = [...source?.inputs.values() ?? []].find((own) => "value" in own && typeof own.value === "string");
    }
    const value = input === undefined || "link" in input ? undefined : input.value;
    if (typeof value === "string") return comfyText(value);
    this.findings.problem("INVALID_VALUE", at, value, "must be a text, or be connected to a node that holds one");
    return "";
  }
}

function plain(text: string, path: FieldPath): Conditioning {
  return { text, area: null, strength: 1, start: 0, end: 1, path };
}

function valueOf(node: ComfyNode, name: string): unknown {
  const input = node.inputs.get(name);
  return input === undefined || "link" in input ? undefined : input.value;
}
