/** Paints layouts at twice the native size, and measures what regions show and whether their borders can be seen. */

import type { UsableModel } from "../../compute/model/catalog.ts";
import { DiffusionModel } from "../../compute/model/model.ts";
import { Pipeline } from "../../compute/pipeline/generate.ts";
import type { PictureRequest } from "../../compute/pipeline/request.ts";
import type { Runtime } from "../../compute/runtime/runtime.ts";
import { borderEnergy } from "./border.ts";
import { Judge, type Verdict } from "./judge.ts";
import { type AskedLayout, askedLayout, sceneOf } from "./layouts.ts";
import type { MeasureOptions } from "./measure.ts";
import { paint, requestOf } from "./paint.ts";
import { inPixels } from "./windows.ts";

/** How a layout is painted: at native size, to compare with; by windows of native size; in a second pass by such windows. */
export type LargeWay = "native" | "windows" | "second";

export const LARGE_WAYS: readonly LargeWay[] = ["native", "windows", "second"];

/** What a region shows. */
export interface LargeRegion {
  readonly object: boolean;
  readonly background: boolean;
  /** Of the other regions, those that show this one's object. */
  readonly leaked: number;
  /** Border energy in the scene of the layout, where all regions have one background; see {@link borderEnergy}. */
  readonly border: number;
}

/** What a layout came to. */
export interface LargePicture {
  readonly way: LargeWay;
  readonly asked: AskedLayout;
  readonly regions: readonly LargeRegion[];
}

/** Paints every layout every way, and once more as a scene, in which no border is asked for. */
export async function* measureLarge(
  runtime: Runtime,
  { model: usable, layouts, steps }: MeasureOptions,
): AsyncGenerator<LargePicture, void, undefined> {
  await using judge = await Judge.load(runtime);
  const model = new DiffusionModel(runtime, usable.config.folder, usable.name);
  try {
    const pipeline = new Pipeline(model);
    for (let seed = 0; seed < layouts; seed++) {
      const asked = askedLayout(judge.names, seed);
      for (const way of LARGE_WAYS) {
        const request = (layout: PictureRequest["layout"]) => ({
          ...requestOf(usable, { layout, seed, steps }),
          ...largeRequest(way, usable, steps),
        });
        const picture = await paint(pipeline, request(asked.regional));
        const scene = await paint(pipeline, request(sceneOf(asked)));
        const seen: Verdict[] = [];
        for (const { place } of asked.regions) seen.push(await judge.look(picture, inPixels(place, picture)));
        const regions = asked.regions.map(({ object, background, place }, r): LargeRegion => ({
          object: seen[r]?.object === object,
          background: seen[r]?.background === background,
          leaked: seen.filter((shown, other) => other !== r && shown.object === object).length,
          border: borderEnergy(scene, inPixels(place, scene)),
        }));
        yield { way, asked, regions };
      }
    }
  } finally {
    await model.release();
  }
}

function largeRequest(
  way: LargeWay,
  { config: { nativeSize } }: UsableModel,
  steps: number,
): Partial<PictureRequest> {
  const windows = { size: nativeSize, overlap: nativeSize / 4 };
  if (way === "windows") return { width: 2 * nativeSize, height: 2 * nativeSize, windows };
  return way === "second" ? { windows, secondPass: { scale: 2, upscale: "pixel", strength: 0.5, steps } } : {};
}
