/** Every layer of a model that a LoRA can change, by part, and the names that trainers call it by. */

import type { ModelConfig, TextEncoderPart } from "../model/config.ts";
import { type ModelLayer, unetLayers } from "./unet_layers.ts";

/** A part of a model that LoRAs change. */
export type LoraPart = "unet" | TextEncoderPart["part"];

/** A layer and the part that it is in. */
export interface PartLayer extends ModelLayer {
  readonly part: LoraPart;
}

/** The layers of one model. */
export class ModelLayers {
  readonly #byName = new Map<string, PartLayer>();
  readonly #byPath = new Map<LoraPart, Map<string, PartLayer>>();

  constructor(config: Pick<ModelConfig, "unet" | "textEncoders">) {
    for (const layer of unetLayers(config.unet)) this.#add({ ...layer, part: "unet" });
    for (const encoder of config.textEncoders) {
      for (const layer of textLayers(encoder)) this.#add({ ...layer, part: encoder.part });
    }
  }

  /**
   * The layer that a trainer calls by a name.
   * @param name A dotted path, or kohya's form of it in which underscores stand for the dots.
   */
  named(part: LoraPart, name: string): PartLayer | undefined {
    return this.#byName.get(keyOf(part, name));
  }

  /** The layers of a part by their paths. */
  of(part: LoraPart): ReadonlyMap<string, PartLayer> {
    return this.#byPath.get(part) ?? new Map();
  }

  #add(layer: PartLayer): void {
    for (const name of [layer.path, layer.original]) {
      if (name === null) continue;
      this.#byName.set(keyOf(layer.part, name), layer);
    }
    const paths = this.#byPath.get(layer.part) ?? new Map<string, PartLayer>();
    this.#byPath.set(layer.part, paths.set(layer.path, layer));
  }
}

/** Both forms of a name, dotted and with underscores, are one key: no two layers of a model differ in that alone. */
function keyOf(part: LoraPart, name: string): string {
  return `${part}/${name.replaceAll(".", "_")}`;
}

function textLayers({ config }: TextEncoderPart): readonly ModelLayer[] {
  const { hidden_size: width, num_hidden_layers: layers } = config;
  const { intermediate_size: intermediate = 4 * width, projection_dim: projection } = config;
  const of = (path: string, ...shape: number[]): ModelLayer => ({ path, original: null, shape });
  const blocks = Array.from({ length: layers }, (_, i) => `text_model.encoder.layers.${i}`);
  return [
    ...blocks.flatMap((block) => [
      ...["q_proj", "k_proj", "v_proj", "out_proj"].map((name) => of(`${block}.self_attn.${name}`, width, width)),
      of(`${block}.mlp.fc1`, intermediate, width),
      of(`${block}.mlp.fc2`, width, intermediate),
    ]),
    ...(projection !== undefined ? [of("text_projection", projection, width)] : []),
  ];
}
