/** Paints layouts in every mode and counts the regions that show what was asked for. */

import { LoraLibrary } from "../../compute/lora/lora_library.ts";
import type { ModelDefaults, UsableModel } from "../../compute/model/catalog.ts";
import { DiffusionModel } from "../../compute/model/model.ts";
import { Pipeline } from "../../compute/pipeline/generate.ts";
import type { Runtime } from "../../compute/runtime/runtime.ts";
import type { LoraUse } from "../../layout/lora_use.ts";
import { violetCast } from "./cast.ts";
import { type AskedLayout, askedLayout, withLora } from "./layouts.ts";
import { Judge } from "./judge.ts";
import { paint, requestOf } from "./paint.ts";
import { inPixels } from "./windows.ts";

/**
 * How a layout is painted: in either mode of regions, its prompts as one plain prompt, or in attention mode with a LoRA in
 * one region.
 */
export type Way = "attention" | "latent" | "plain" | "lora";

export const WAYS: readonly Way[] = ["attention", "latent", "plain", "lora"];

const LORAS = new LoraLibrary(new URL("../../loras", import.meta.url).pathname);

/** The LoRA for a model, with the weight that loras/README.md names: students have guidance, which strengthens it, built in. */
function loraFor({ guidanceScale }: ModelDefaults): LoraUse {
  return { name: "dusk", weight: guidanceScale === 1 ? 0.7 : 1 };
}

export interface MeasureOptions {
  /** The model that is judged; it must know the judge's objects. */
  readonly model: UsableModel;
  /** Layouts; their seeds count from 0. */
  readonly layouts: number;
  /** Denoising steps of each picture. */
  readonly steps: number;
}

/** Whether a region's object and its background are right, and its violet cast, from -255 to 255. */
export interface JudgedRegion {
  readonly object: boolean;
  readonly background: boolean;
  readonly cast: number;
}

/** What one picture was asked for, and what the judge saw. */
export interface JudgedPicture {
  readonly way: Way;
  readonly asked: AskedLayout;
  readonly regions: readonly JudgedRegion[];
}

/** Judges every layout painted every way, one picture after the other. */
export async function* measure(
  runtime: Runtime,
  { model: usable, layouts, steps }: MeasureOptions,
): AsyncGenerator<JudgedPicture, void, undefined> {
  await using judge = await Judge.load(runtime);
  const model = new DiffusionModel(runtime, usable.config.folder, usable.name);
  try {
    const pipeline = new Pipeline(model, undefined, LORAS);
    for (let seed = 0; seed < layouts; seed++) {
      const asked = askedLayout(judge.names, seed);
      for (const way of WAYS) {
        const { regional, plain } = asked;
        const layout = way === "plain" ? plain : way === "lora" ? withLora(asked, loraFor(usable.defaults)) : regional;
        const mode = way === "latent" ? "latent" : "attention";
        const picture = await paint(pipeline, { ...requestOf(usable, { layout, seed, steps }), mode });
        const regions: JudgedRegion[] = [];
        for (const { object, background, place } of asked.regions) {
          const box = inPixels(place, picture);
          const seen = await judge.look(picture, box);
          regions.push({
            object: seen.object === object,
            background: seen.background === background,
            cast: violetCast(picture, box),
          });
        }
        yield { way, asked, regions };
      }
    }
  } finally {
    await model.release();
  }
}
