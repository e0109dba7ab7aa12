/** What a LoRA changes in a model: its layers found there, sorted by what they act on, and what is left over. */

import { elements } from "../tensor.ts";
import type { ModelConfig } from "../model/config.ts";
import { FAMILIES, type ModelFamily } from "../families/registry.ts";
import { kindByName, type LayerKind, type LoraFile, type LoraLayer } from "./lora_file.ts";
import { type LoraPart, ModelLayers } from "./model_layers.ts";

/** A change of one layer of a model. */
export interface PlannedLayer {
  readonly part: LoraPart;
  /** The model's own path of the layer. */
  readonly path: string;
  readonly kind: LayerKind;
  /** Of the layer's weights. */
  readonly shape: readonly number[];
  readonly source: LoraLayer;
}

/** What a LoRA changes in a model. */
export interface LoraPlan {
  readonly layers: readonly PlannedLayer[];
  /** What the model has no place for: keys, or names of layers. */
  readonly unknown: readonly string[];
}

/** A LoRA that is for another model. */
export class LoraFamilyError extends Error {
  override readonly name = "LoraFamilyError";
  readonly code = "LORA_FAMILY";
}

/** The model that a LoRA is to change. */
export interface LoraTarget {
  readonly config: ModelConfig;
  readonly family: ModelFamily;
}

/**
 * Finds a LoRA's layers in a model.
 * @throws {LoraFamilyError} if it is for another family, or for a model of other widths.
 */
export function planLora(file: LoraFile, { config, family }: LoraTarget): LoraPlan {
  const model = `the model is ${titleOf(family)} with contexts ${config.contextWidth} wide`;
  const { contextWidth } = file;
  if (contextWidth !== null && contextWidth !== config.contextWidth) {
    const known = file.family === null ? "another model" : titleOf(file.family);
    throw new LoraFamilyError(`it is for ${known} with contexts ${contextWidth} wide, and ${model}`);
  }
  const names = new ModelLayers(config);
  const layers: PlannedLayer[] = [];
  const unknown = [...file.unknown];
  for (const source of file.layers) {
    const layer = names.named(source.part, source.layer);
    if (layer === undefined) {
      unknown.push(`${source.part}.${source.layer}`);
      continue;
    }
    if (!fits(source, layer.shape)) {
      const own = `[${changedShape(source)}]`;
      throw new LoraFamilyError(
        `it changes weights of the shape ${own} where "${layer.path}" has [${layer.shape}]: it is for another model, and ${model}`,
      );
    }
    layers.push({
      part: layer.part,
      path: layer.path,
      kind: kindByName({ part: layer.part, layer: layer.path }),
      shape: layer.shape,
      source,
    });
  }
  if (layers.length === 0) {
    const known = file.family === null || file.family === family ? "another model" : titleOf(file.family);
    throw new LoraFamilyError(`it is for ${known}: none of its layers is in this one, and ${model}`);
  }
  return { layers, unknown };
}

function titleOf(name: ModelFamily): string {
  return FAMILIES.find((family) => family.name === name)?.title ?? name;
}

/** The shape of what a layer of the file is added to. */
function changedShape({ down, up, mid }: LoraLayer): readonly number[] {
  const kernel = (mid ?? down).shape.slice(2);
  return [up.shape[0] ?? 0, down.shape[1] ?? 0, ...kernel];
}

/** A linear layer may be written as a convolution of one cell, and the reverse. */
function fits(source: LoraLayer, shape: readonly number[]): boolean {
  const own = changedShape(source);
  return own[0] === shape[0] && elements(own) === elements(shape) && own[1] === shape[1];
}
