/** Whether regions that are found by words lie on what the words name, and show what they are asked for. */

import type { UsableModel } from "../../compute/model/catalog.ts";
import { DiffusionModel } from "../../compute/model/model.ts";
import { Pipeline } from "../../compute/pipeline/generate.ts";
import type { RgbImage } from "../../compute/pipeline/rgb_image.ts";
import type { FoundMask } from "../../compute/pipeline/word_search.ts";
import type { Runtime } from "../../compute/runtime/runtime.ts";
import { resolveLayout } from "../../layout/resolve/resolve.ts";
import { Judge } from "./judge.ts";
import { shuffled, withArticle } from "./layouts.ts";
import { NONE } from "./verdict.ts";

/** How much a channel of an object's pixel differs from that of the background, of 255. */
const DIFFERS = 40;

/** Pixels along the picture's border that are taken for the background. */
const BORDER = 6;

/** One prompt, and what came of it. */
export interface JudgedWords {
  /** What the base prompt names, and what the region there is to show. */
  readonly named: string;
  readonly asked: string;
  /** Overlap (Jaccard index) of the words' mask with the object in the picture of the base prompt alone, on latent cells. */
  readonly overlap: number;
  /** What the judge sees in the picture with the region. */
  readonly seen: string | null;
}

/** Judges so many prompts of one object on a plain background; the same ones for ever. */
export async function* measureWords(
  runtime: Runtime,
  { model: { name, config, defaults }, pictures, steps }: {
    readonly model: UsableModel;
    readonly pictures: number;
    readonly steps: number;
  },
): AsyncGenerator<JudgedWords, void, undefined> {
  await using judge = await Judge.load(runtime);
  const model = new DiffusionModel(runtime, config.folder, name);
  const objects = judge.names.object.filter((object) => object !== NONE);
  const backgrounds = judge.names.background.filter((background) =>
    /(white|blue|green|pink) background$/.test(background)
  );
  try {
    const pipeline = new Pipeline(model);
    for (let seed = 0; seed < pictures; seed++) {
      const [named = "", asked = ""] = shuffled(objects, seed, "object");
      const [background = ""] = shuffled(backgrounds, seed, "background");
      const [style = ""] = shuffled(judge.names.style, seed, "style");
      const prompt = (object: string) => `${withArticle(object)}, ${background}, ${style}`;
      const paint = (baseRatio: number) =>
        paintWords(pipeline, {
          ...{ base: prompt(named), region: prompt(asked), words: named, baseRatio, seed, steps },
          guidanceScale: defaults.guidanceScale,
        });
      // A region that leaves everything to the base changes nothing, and is looked for all the same.
      const { image: plain, mask } = await paint(1);
      const { image } = await paint(0);
      const seen = await judge.look(image, [0, 0, image.width, image.height]);
      yield { named, asked, overlap: overlapOf(mask, plain), seen: seen.object };
    }
  } finally {
    await model.release();
  }
}

interface WordsPicture {
  readonly base: string;
  readonly region: string;
  readonly words: string;
  readonly baseRatio: number;
  readonly seed: number;
  readonly steps: number;
  readonly guidanceScale: number;
}

async function paintWords(
  pipeline: Pipeline,
  { base, region, words, baseRatio, seed, steps, guidanceScale }: WordsPicture,
): Promise<{ readonly image: RgbImage; readonly mask: FoundMask["image"] }> {
  const { name, nativeSize } = pipeline.model.config;
  const regions = [{ prompt: region, geometry: { words: { of: words } }, baseRatio }];
  const resolution = resolveLayout({ promptSyntax: "PLAIN", basePrompt: base, regions }, { maxRegions: 1 });
  if (!("layout" in resolution)) throw new AggregateError(resolution.problems, "Cannot resolve a layout of words");
  const outputs = pipeline.generate({
    ...{ model: name, layout: resolution.layout, width: nativeSize, height: nativeSize, steps, seed, guidanceScale },
    ...{ sampler: "ddim", schedule: "model", guidanceStart: 0, guidanceEnd: 1, previews: "linear" },
    ...{ mode: "attention", format: "PNG" },
  });
  let mask: FoundMask["image"] | undefined;
  for await (const output of outputs) {
    if (output.type === "STEP") mask = output.regionMasks?.[0]?.image ?? mask;
    else if (mask !== undefined) return { image: output.image, mask };
  }
  throw new RangeError("Cannot judge a generation that found no words");
}

/** The overlap of a mask with what differs from the background in at least half of a cell's pixels. */
export function overlapOf(mask: FoundMask["image"], picture: RgbImage): number {
  const background = [0, 1, 2].map((channel) => median(borderOf(picture, channel)));
  const factor = picture.width / mask.width;
  let both = 0, any = 0;
  for (let y = 0; y < mask.height; y++) {
    for (let x = 0; x < mask.width; x++) {
      let different = 0;
      for (let i = 0; i < factor * factor; i++) {
        const pixel = (y * factor + Math.floor(i / factor)) * picture.width + x * factor + i % factor;
        if (background.some((value, c) => Math.abs((picture.data[pixel * 3 + c] ?? 0) - value) > DIFFERS)) different++;
      }
      const object = 2 * different >= factor * factor, found = mask.data[(y * mask.width + x) * 4] === 255;
      if (object && found) both++;
      if (object || found) any++;
    }
  }
  return any === 0 ? 0 : both / any;
}

function borderOf({ width, height, data }: RgbImage, channel: number): number[] {
  const values: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inner = x >= BORDER && y >= BORDER && x < width - BORDER && y < height - BORDER;
      if (!inner) values.push(data[(y * width + x) * 3 + channel] ?? 0);
    }
  }
  return values;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
