/** The model folders that reference runs are compared with; `variant.json` lends a folder the parts it lacks. */

import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { readModelConfig } from "../../compute/model/config.ts";
import { DiffusionModel } from "../../compute/model/model.ts";
import { Unet, type UnetOptions } from "../../compute/model/unet.ts";
import type { Runtime } from "../../compute/runtime/runtime.ts";
import { readReferenceJson } from "./reference.ts";

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

  /** A UNet of its own, with further outputs; the caller releases it. */
  async openUnet(name: string, options: UnetOptions = {}): Promise<Unet> {
    const config = readModelConfig(join(this.folder, this.#baseOf(name) ?? name), name);
    return await Unet.load(this.runtime, join(this.folder, name), config, options);
  }

  /** The UNet-only folders whose other parts are those of `name`, in alphabetical order. */
  variantsOf(name: string): readonly string[] {
    return this.#folders().filter((folder) => {
      try {
        return this.#baseOf(folder) === name;
      } catch {
        return false; // belongs to no model: see brokenVariants
      }
    });
  }

  /** Why folders have a `variant.json` that does not say whose parts they share, by folder. */
  brokenVariants(): ReadonlyMap<string, unknown> {
    const broken = new Map<string, unknown>();
    for (const folder of this.#folders()) {
      try {
        this.#baseOf(folder);
      } catch (error) {
        broken.set(folder, error);
      }
    }
    return broken;
  }

  async release(): Promise<void> {
    for (const opened of await Promise.allSettled(this.#unets.values())) {
      if (opened.status === "fulfilled") await opened.value.release();
    }
    for (const model of this.#models.values()) await model.release();
    this.#unets.clear();
    this.#models.clear();
  }

  #folders(): readonly string[] {
    return existsSync(this.folder) ? [...Deno.readDirSync(this.folder)].map((entry) => entry.name).sort() : [];
  }

  /** The folder that lends `name` its other parts; undefined for a whole model. */
  #baseOf(name: string): string | undefined {
    const file = join(this.folder, name, "variant.json");
    if (!existsSync(file)) return undefined;
    const { weights_and_other_parts: base } = readReferenceJson<{ readonly weights_and_other_parts?: unknown }>(file);
    if (typeof base !== "string") throw new TypeError(`Cannot use "${file}": it names no weights_and_other_parts`);
    return relative(this.folder, join(this.folder, name, base));
  }
}
