/** The model folders that reference runs are compared with; `variant.json` lends a folder the parts it lacks. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { DiffusionModel } from "../compute/model/model.ts";
import { Unet, type UnetOptions } from "../compute/model/unet.ts";
import { readModelConfig } from "../compute/model/config.ts";
import type { Runtime } from "../compute/runtime/runtime.ts";

/** Opens each model folder once. */
export class ParityModels {
  readonly #models = new Map<string, DiffusionModel>();
  readonly #unets = new Map<string, Promise<Unet>>();

  /** @param folder Holds one folder per model. */
  constructor(readonly runtime: Runtime, readonly folder: string) {}

  /** A whole model. */
  model(name: string): DiffusionModel {
    let model = this.#models.get(name);
    if (model === undefined) {
      model = new DiffusionModel(this.runtime, join(this.folder, name), name);
      this.#models.set(name, model);
    }
    return model;
  }

  /** A model's UNet; the folder may be a UNet-only variant of another one. */
  unet(name: string): Promise<Unet> {
    let unet = this.#unets.get(name);
    if (unet === undefined) {
      unet = this.openUnet(name);
      this.#unets.set(name, unet);
    }
    return unet;
  }

  /** A UNet of its own, with further outputs. */
  openUnet(name: string, options: UnetOptions = {}): Promise<Unet> {
    const folder = join(this.folder, name);
    const variant = join(folder, "variant.json");
    const base = existsSync(variant) ? JSON.parse(Deno.readTextFileSync(variant)).weights_and_other_parts : ".";
    return Unet.load(this.runtime, folder, readModelConfig(join(folder, base), name).unet, options);
  }

  async release(): Promise<void> {
    for (const opened of await Promise.allSettled(this.#unets.values())) {
      if (opened.status === "fulfilled") await opened.value.release();
    }
    for (const model of this.#models.values()) await model.release();
    this.#unets.clear();
    this.#models.clear();
  }
}
