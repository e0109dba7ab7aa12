/** A LoRA file as its header describes it: which layers it changes, of which rank, for which kind of model. */

import { z } from "zod";
import { FAMILIES, type ModelFamily } from "../families/registry.ts";
import { isReadable, readSafetensorsHeader, type SafetensorsHeader } from "../model/safetensors.ts";
import { readLoraKey } from "./lora_keys.ts";
import type { LoraPart } from "./model_layers.ts";

/** What a file says of one layer: the keys of its tensors and their shapes. */
export interface LoraLayer {
  readonly part: LoraPart;
  /** What the file's writer calls it. */
  readonly layer: string;
  readonly down: LoraTensor;
  readonly up: LoraTensor;
  /** The core of a Tucker decomposition (LyCORIS' `lora_mid`), between the two. */
  readonly mid: LoraTensor | null;
  /** The key of the scalar by which, over the rank, the product is multiplied. */
  readonly alpha: string | null;
  /** The same multiplier where the file's metadata has it. */
  readonly scale: number | null;
}

/** A tensor of the file. */
export interface LoraTensor {
  readonly key: string;
  readonly shape: readonly number[];
}

/** A LoRA file. */
export interface LoraFile {
  readonly layers: readonly LoraLayer[];
  /** Keys that say nothing that is understood, in the file's order. */
  readonly unknown: readonly string[];
  /** The largest rank of any layer. */
  readonly rank: number;
  /** The width of the contexts that its cross-attention reads; null where it changes no keys or values. */
  readonly contextWidth: number | null;
  /** The family that it is for, judged by names and widths; null where they do not tell. */
  readonly family: ModelFamily | null;
}

/** A file that is no LoRA for any model here. */
export class LoraFormatError extends Error {
  override readonly name = "LoraFormatError";

  /** @param architecture The kind of model that it is for, if that is why. */
  constructor(reason: string, readonly architecture: string | null = null) {
    super(reason);
  }
}

/**
 * Reads a file's header.
 * @throws {LoraFormatError} if it is of another algorithm or for another architecture, or lacks tensors; the message says which.
 * @throws {SyntaxError} if it is not a safetensors file.
 */
export function readLoraFile(path: string): LoraFile {
  return describeLora(readSafetensorsHeader(path));
}

/** The same of a header that has been read. */
export function describeLora({ entries, metadata }: Pick<SafetensorsHeader, "entries" | "metadata">): LoraFile {
  const found = new Map<string, { part: LoraPart; layer: string; tensors: Map<string, LoraTensor> }>();
  const unknown: string[] = [];
  for (const [key, entry] of entries) {
    const { shape, dtype } = entry;
    const read = readLoraKey(key);
    switch (read.kind) {
      case "ARCHITECTURE":
        throw new LoraFormatError(`it is for ${read.name}, a model of another architecture`, read.name);
      case "ALGORITHM":
        throw new LoraFormatError(`it holds ${read.name} ("${key}"), and only LoRA and LoCon are read`);
      case "UNKNOWN":
        unknown.push(key);
        break;
      case "TENSOR": {
        if (!isReadable(entry)) throw new LoraFormatError(`"${key}" is of the type ${dtype}, which is not read`);
        const id = `${read.part}/${read.layer}`;
        const layer = found.get(id) ?? { part: read.part, layer: read.layer, tensors: new Map() };
        layer.tensors.set(read.role, { key, shape });
        found.set(id, layer);
      }
    }
  }
  const scaleOf = scaleInMetadata(metadata);
  const layers = [...found.values()].flatMap(({ part, layer, tensors }): LoraLayer[] => {
    const down = tensors.get("DOWN"), up = tensors.get("UP"), mid = tensors.get("MID") ?? null;
    const alpha = tensors.get("ALPHA")?.key ?? null;
    if (down === undefined && up === undefined && mid === null && alpha !== null) {
      unknown.push(alpha);
      return [];
    }
    if (down === undefined || up === undefined) {
      const which = down === undefined ? "down" : "up";
      throw new LoraFormatError(`"${layer}" in ${part} lacks its ${which} matrix: the file is incomplete`);
    }
    checkRanks(layer, down, up, mid);
    return [{ part, layer, down, up, mid, alpha, scale: scaleOf(part, layer, up.shape[1] ?? 1) }];
  });
  if (layers.length === 0) throw new LoraFormatError("none of its tensors belongs to a LoRA");
  const contextWidth = layers.filter(({ layer }) => CONTEXT_LAYER.test(layer)).map(({ down }) => down.shape[1])[0] ??
    null;
  return {
    layers,
    unknown,
    rank: Math.max(...layers.map(({ up }) => up.shape[1] ?? 0)),
    contextWidth,
    family: familyOf(layers, contextWidth),
  };
}

/**
 * What a layer acts on: a prompt (text encoders), its keys and values in cross-attention, each place of the picture by
 * itself (linear layers around attention), or anything else (convolutions over neighbours, the time of a step).
 */
export type LayerKind = "TEXT" | "CONTEXT" | "PLACE" | "OTHER";

/** The same, judged by a layer's name: the file's, or the model's own. */
export function kindByName({ part, layer }: Pick<LoraLayer, "part" | "layer">): LayerKind {
  if (part !== "unet") return "TEXT";
  if (CONTEXT_LAYER.test(layer)) return "CONTEXT";
  return /attentions[._]|transformer_blocks|proj_(?:in|out)$/.test(layer) ? "PLACE" : "OTHER";
}

/** Layers that read contexts, dotted or with underscores. */
const CONTEXT_LAYER = /attn2[._]to_[kv]$/;

function checkRanks(layer: string, down: LoraTensor, up: LoraTensor, mid: LoraTensor | null): void {
  const shapes = [down.shape, ...(mid === null ? [] : [mid.shape]), up.shape];
  const fits = shapes.every((shape, i) =>
    (shape.length === 2 || shape.length === 4) && shape.every((size) => size > 0) &&
    (i === 0 || shape[1] === shapes[i - 1]?.[0])
  );
  if (!fits || (mid !== null && mid.shape.length !== 4)) {
    const written = shapes.map((shape) => `[${shape}]`).join(" and ");
    throw new LoraFormatError(`the matrices of "${layer}" have the shapes ${written}, which do not fit together`);
  }
}

function familyOf(layers: readonly LoraLayer[], contextWidth: number | null): ModelFamily | null {
  const known = FAMILIES.find(({ loras }) => loras.contextWidth === contextWidth) ??
    FAMILIES.find(({ loras }) => layers.some(loras.owns));
  return known?.name ?? null;
}

/** What PEFT's config of an adapter says, as diffusers (0.34 and later) puts it into the metadata. */
const adapterSchema = z.record(z.string(), z.unknown());

/**
 * The multipliers that the metadata holds (`lora_adapter_metadata`, JSON with keys such as `unet.lora_alpha`): alpha over
 * the rank, or over its root under `use_rslora` (arXiv:2312.03732).
 */
function scaleInMetadata(
  metadata: Readonly<Record<string, string>>,
): (part: LoraPart, layer: string, rank: number) => number | null {
  let json: unknown;
  try {
    json = JSON.parse(metadata["lora_adapter_metadata"] ?? "null");
  } catch {
    return () => null;
  }
  const result = adapterSchema.safeParse(json);
  if (!result.success) return () => null;
  const adapter = result.data;
  return (part, layer, rank) => {
    const of = (name: string) => adapter[`${part}.${name}`] ?? adapter[name];
    const patterns = z.record(z.string(), z.number()).safeParse(of("alpha_pattern"));
    const own = Object.entries(patterns.success ? patterns.data : {})
      .find(([pattern]) => layer === pattern || layer.endsWith(`.${pattern}`))?.[1];
    const alpha = own ?? of("lora_alpha");
    if (typeof alpha !== "number") return null;
    return alpha / (of("use_rslora") === true ? Math.sqrt(rank) : rank);
  };
}
