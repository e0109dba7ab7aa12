/** Paints layouts in every mode and counts the regions that show what was asked for. */

import type { ModelDefaults, UsableModel } from "../../compute/model/catalog.ts";
import { DiffusionModel } from "../../compute/model/model.ts";
import { Pipeline } from "../../compute/pipeline/generate.ts";
import type { PictureRequest } from "../../compute/pipeline/request.ts";
import type { RgbImage } from "../../compute/pipeline/rgb_image.ts";
import type { Runtime } from "../../compute/runtime/runtime.ts";
import { type AskedLayout, askedLayout } from "./layouts.ts";
import { Judge } from "./judge.ts";
import type { Box } from "./windows.ts";

/** How a layout is painted: in either mode of regions, or its prompts as one plain prompt. */
export type Way = "attention" | "latent" | "plain" | LargeWay;

/** How a picture of twice the native size is painted: by windows of native size, or in a second pass by such windows. */
export type LargeWay = "windows" | "second";

export const WAYS: readonly Way[] = ["attention", "latent", "plain"];

export const LARGE_WAYS: readonly LargeWay[] = ["windows", "second"];

export interface MeasureOptions {
  /** The model that is judged; it must know the judge's objects. */
  readonly model: UsableModel;
  /** Layouts; their seeds count from 0. */
  readonly layouts: number;
  /** Denoising steps of each picture. */
  readonly steps: number;
  /** {@link WAYS} unless told. */
  readonly ways?: readonly Way[];
}

/** What one picture was asked for, and what the judge saw. */
export interface JudgedPicture {
  readonly way: Way;
  readonly asked: AskedLayout;
  /** For each region whether its object, and whether its background is right. */
  readonly regions: readonly { readonly object: boolean; readonly background: boolean }[];
}

/** Judges every layout painted every way, one picture after the other. */
export async function* measure(
  runtime: Runtime,
  { model: { name, config, defaults }, layouts, steps, ways = WAYS }: MeasureOptions,
): AsyncGenerator<JudgedPicture, void, undefined> {
  await using judge = await Judge.load(runtime);
  const model = new DiffusionModel(runtime, config.folder, name);
  try {
    const pipeline = new Pipeline(model);
    for (let seed = 0; seed < layouts; seed++) {
      const asked = askedLayout(judge.names, seed);
      for (const way of ways) {
        const picture = await paint(pipeline, asked, way, { ...defaults, steps });
        const regions: JudgedPicture["regions"][number][] = [];
        for (const { object, background, place } of asked.regions) {
          const seen = await judge.look(picture, inPixels(place, picture));
          regions.push({ object: seen.object === object, background: seen.background === background });
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
  { regional, plain, seed }: AskedLayout,
  way: Way,
  { steps, guidanceScale }: ModelDefaults,
): Promise<RgbImage> {
  const { name, nativeSize } = pipeline.model.config;
  const outputs = pipeline.generate({
    model: name,
    layout: way === "plain" ? plain : regional,
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

function inPixels([x0, y0, x1, y1]: Box, { width, height }: RgbImage): Box {
  return [Math.round(x0 * width), Math.round(y0 * height), Math.round(x1 * width), Math.round(y1 * height)];
}
