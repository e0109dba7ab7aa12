/** "Clip skip": layers of a text encoder before the one that its family reads. */

import type { TextEncoderOutputs } from "../families/family.ts";
import type { OnnxFile } from "../graph/onnx_file.ts";
import { findLayers, giveOutLayers, layerOutput } from "../graph/text_layers.ts";
import type { TextEncoderPart } from "./config.ts";

/** The greatest `clipSkip` that an encoder has a layer for; 1, which is no skip, where its layers are not found. */
export function maxClipSkip(file: OnnxFile, { config, outputs }: TextEncoderPart): number {
  const { layer, normed } = outputs(config);
  const found = findLayers(file, { layers: config.num_hidden_layers, last: normed.output });
  return found === undefined ? 1 : Math.max(1, layer);
}

/** Edits an encoder's graph so that it gives out every layer, where they are found. */
export function giveOutEarlierLayers(file: OnnxFile, { config, outputs }: TextEncoderPart): void {
  const { normed } = outputs(config);
  giveOutLayers(file, {
    layers: config.num_hidden_layers,
    width: config.hidden_size,
    last: normed.output,
    normed: normed.wanted,
  });
}

/** The output of such a graph that holds the state which `clipSkip` reads: 1 the family's own, 2 the layer before it. */
export function stateOutput({ state, layer }: TextEncoderOutputs, clipSkip: number): string {
  return clipSkip === 1 ? state : layerOutput(layer - clipSkip + 1);
}
