/** Paints a region of every layout anew, and measures what changed and whether it can be seen where. */

import { nth } from "../../elements.ts";
import { DiffusionModel } from "../../compute/model/model.ts";
import { Pipeline } from "../../compute/pipeline/generate.ts";
import type { RgbImage } from "../../compute/pipeline/rgb_image.ts";
import type { Runtime } from "../../compute/runtime/runtime.ts";
import { borderEnergy } from "./border.ts";
import { type Change, changeOf } from "./change.ts";
import { Judge } from "./judge.ts";
import { askedLayout, REGIONS, sceneOf } from "./layouts.ts";
import type { MeasureOptions } from "./measure.ts";
import { paint, requestOf } from "./paint.ts";
import { inPixels } from "./windows.ts";

/** A picture of which one region was painted anew. */
export interface RerolledScene {
  /** Of the layout and of its noise. */
  readonly seed: number;
  /** Whether the rest was held. */
  readonly lockRest: boolean;
  readonly before: RgbImage;
  readonly after: RgbImage;
  readonly change: Change;
  /** Border energy after; see {@link borderEnergy}. */
  readonly border: number;
  /** Whether the region shows its object. */
  readonly shown: boolean;
  /** Of the other regions, those that show the region's object. */
  readonly leaked: number;
}

/** Seeds of new noise begin here, so that none is that of a layout. */
const NEW_SEED = 1000;

/** Paints every scene, and one quarter of it anew: the first one's first, the second one's second, and so on. */
export async function* measureReroll(
  runtime: Runtime,
  { model: usable, layouts, steps }: MeasureOptions,
): AsyncGenerator<RerolledScene, void, undefined> {
  await using judge = await Judge.load(runtime);
  const model = new DiffusionModel(runtime, usable.config.folder, usable.name);
  try {
    const pipeline = new Pipeline(model);
    for (let seed = 0; seed < layouts; seed++) {
      const asked = askedLayout(judge.names, seed);
      const layout = sceneOf(asked);
      const request = requestOf(usable, { layout, seed, steps });
      const anew = seed % REGIONS;
      const { object, place } = nth(asked.regions, anew);
      const region = { name: nth(layout.regions, anew).name, seed: NEW_SEED + seed };
      const before = await paint(pipeline, request);
      for (const lockRest of [true, false]) {
        const after = await paint(pipeline, { ...request, rerolls: [{ of: null, regions: [region], lockRest }] });
        const seen: (string | null)[] = [];
        for (const { place } of asked.regions) seen.push((await judge.look(after, inPixels(place, after))).object);
        const box = inPixels(place, after);
        yield {
          seed,
          lockRest,
          before,
          after,
          change: changeOf(before, after, box),
          border: borderEnergy(after, box),
          shown: seen[anew] === object,
          leaked: seen.filter((shown, r) => r !== anew && shown === object).length,
        };
      }
    }
  } finally {
    await model.release();
  }
}
