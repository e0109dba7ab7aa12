/** Paints layouts in every mode and counts the regions that show what was asked for. */

import { LoraLibrary } from "../../compute/lora/lora_library.ts";
import type { ModelDefaults, UsableModel } from "../../compute/model/catalog.ts";
import { DiffusionModel } from "../../compute/model/model.ts";
import { Pipeline } from "../../compute/pipeline/generate.ts";
import type { PictureRequest } from "../../compute/pipeline/request.ts";
import type { RgbImage } from "../../compute/pipeline/rgb_image.ts";
import type { Runtime } from "../../compute/runtime/runtime.ts";
import type { LoraUse } from "../../layout/lora_use.ts";
import { violetCast } from "./cast.ts";
import { type AskedLayout, askedLayout, withLora } from "./layouts.ts";
import { Judge } from "./judge.ts";
import type { Box } from "./windows.ts";

/**
 * How a layout is painted: in either mode of regions, its prompts as one plain prompt, or in attention mode with a LoRA in
 * one region.
 */
export type Way = "attention" | "latent" | "plain" | "lora" | LargeWay;

/** How a picture of twice the native size is painted: by windows of native size, or in a second pass by such windows. */
export type LargeWay = "windows" | "second";

export const WAYS: readonly Way[] = ["attention", "latent", "plain", "lora"];

const LORAS = new LoraLibrary(new URL("../../loras", import.meta.url).pathname);

/** The LoRA for a model, with the weight that loras/README.md names: students have guidance, which strengthens it, built in. */
function loraFor({ guidanceScale }: ModelDefaults): LoraUse {
  return { name: "dusk", weight: guidanceScale === 1 ? 0.7 : 1 };
}

export const LARGE_WAYS: readonly LargeWay[] = ["windows", "second"];

export interface MeasureOptions {
  /** The model that is judged; it must know the judge's objects. */
  readonly model: UsableModel;
  /** Layouts; their seeds count from 0. */
  readonly layouts: number;
  /** Denoising steps of each picture. */
  readonly steps: number;
  /** Default: {@link WAYS}. */
  readonly ways?: readonly Way[];
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
  { model: { name, config, defaults }, layouts, steps, ways = WAYS }: MeasureOptions,
): AsyncGenerator<JudgedPicture, void, undefined> {
  await using judge = await Judge.load(runtime);
  const model = new DiffusionModel(runtime, config.folder, name);
  try {
    const pipeline = new Pipeline(model, undefined, LORAS);
    for (let seed = 0; seed < layouts; seed++) {
      const asked = askedLayout(judge.names, seed);
      for (const way of ways) {
        const picture = await paint(pipeline, asked, way, { ...defaults, steps });
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

async function paint(
  pipeline: Pipeline,
  asked: AskedLayout,
  way: Way,
  defaults: ModelDefaults,
): Promise<RgbImage> {
  const { regional, plain, seed } = asked;
  const { steps, guidanceScale } = defaults;
  const { name, nativeSize } = pipeline.model.config;
  const outputs = pipeline.generate({
    model: name,
    layout: way === "plain" ? plain : way === "lora" ? withLora(asked, loraFor(defaults)) : regional,
    width: nativeSize,
    height: nativeSize,
    ...largeRequest(way, { nativeSize, steps }),
    steps,
    sampler: "ddim",
    schedule: "model",
    guidanceScale,
    guidanceStart: 0,
    guidanceEnd: 1,
    previews: "linear",
    seed,
    mode: way === "latent" ? "latent" : "attention",
    format: "PNG",
  });
  for await (const output of outputs) {
    if (output.type === "IMAGE") return output.image;
  }
  throw new RangeError("Cannot judge a generation that gave no picture");
}

function largeRequest(
  way: Way,
  { nativeSize, steps }: { readonly nativeSize: number; readonly steps: number },
): Partial<PictureRequest> {
  const windows = { size: nativeSize, overlap: nativeSize / 4 };
  if (way === "windows") return { width: 2 * nativeSize, height: 2 * nativeSize, windows };
  return way === "second" ? { windows, secondPass: { scale: 2, upscale: "pixel", strength: 0.5, steps } } : {};
}

/** A place in fractions of a picture, in its pixels. */
export function inPixels([x0, y0, x1, y1]: Box, { width, height }: RgbImage): Box {
  return [Math.round(x0 * width), Math.round(y0 * height), Math.round(x1 * width), Math.round(y1 * height)];
}
