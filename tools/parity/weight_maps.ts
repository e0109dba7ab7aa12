/** Layouts -> weight maps: every level, single pixels and means. */

import { InvalidInputError } from "../../errors.ts";
import { blend } from "../../layout/weights/blend.ts";
import { compileWeightMaps, weightMapLevels, type WeightMaps } from "../../layout/weights/weight_maps.ts";
import { attempt, type CaseResult, reference, TOLERANCE } from "./case.ts";
import { maxDifference, type Tensors } from "./reference.ts";
import { referenceAsLayout, type ReferenceLayout, referenceRegions, referenceRules } from "./reference_layout.ts";

/** Pixels per latent cell of the reference maps. */
const FACTOR = 8;

/** Compares the maps of every layout, or the share it leaves uncovered where it must be rejected. */
export async function* checkWeightMaps(
  document: { readonly cases: readonly ReferenceLayout[] },
  tensors: Tensors,
): AsyncGenerator<CaseResult> {
  for (const layout of document.cases) {
    const { name, uncovered_share: share } = layout;
    if (layout.error !== undefined) {
      yield await attempt(`${name} rejected`, TOLERANCE.uncovered, () => rejection(layout, share ?? NaN));
      continue;
    }
    const stored = [...tensors.keys()].filter((key) => key.startsWith(`${name}/level.`)).length;
    for (let level = 0; level < Math.max(1, stored); level++) {
      yield await attempt(`${name} level ${level}`, TOLERANCE.weightMap, () => {
        const maps = weightMapLevels(compile(layout, FACTOR), level + 1)[level];
        const expected = reference(tensors, `${name}/level.${level}`);
        if (`${[maps?.count, maps?.height, maps?.width]}` !== `${expected.dims}`) {
          return `not of shape ${expected.dims}`;
        }
        return maxDifference(maps?.data ?? [], expected.data);
      });
    }
    const asLayout = referenceAsLayout(layout);
    if (stored > 0 && asLayout !== null) {
      yield await attempt(`${name} by kernels`, TOLERANCE.kernelWeightMap, () => {
        const { width, height } = layout;
        const maps = compileWeightMaps(asLayout, { width, height, factor: FACTOR });
        return maxDifference(maps.data, reference(tensors, `${name}/level.0`).data);
      });
    }
    const { probes, mean } = layout;
    if (probes !== undefined) {
      yield await attempt(`${name} pixels`, TOLERANCE.weightMap, () => probed(compile(layout, 1), probes));
    }
    if (mean !== undefined) {
      yield await attempt(`${name} means`, TOLERANCE.weightMap, () => maxDifference(means(compile(layout, 1)), mean));
    }
  }
}

function compile(layout: ReferenceLayout, factor: number): WeightMaps {
  const { width, height } = layout;
  return blend(referenceRegions(layout), referenceRules(layout), { width, height, factor }).maps;
}

function rejection(layout: ReferenceLayout, share: number): number | string {
  try {
    compile(layout, FACTOR);
  } catch (error) {
    if (!(error instanceof InvalidInputError) || error.code !== "UNCOVERED") throw error;
    return Math.abs(Number(/share ([\d.e-]+)/.exec(error.message)?.[1]) - share);
  }
  return "it was accepted";
}

function probed(maps: WeightMaps, probes: NonNullable<ReferenceLayout["probes"]>): number {
  const cells = maps.height * maps.width;
  return probes.reduce((worst, { x, y, w }) => {
    const weights = w.map((_, r) => maps.data[r * cells + y * maps.width + x] ?? NaN);
    return Math.max(worst, maxDifference(weights, w));
  }, 0);
}

function means({ count, height, width, data }: WeightMaps): readonly number[] {
  const cells = height * width;
  return Array.from(
    { length: count },
    (_, r) => data.subarray(r * cells, (r + 1) * cells).reduce((a, b) => a + b, 0) / cells,
  );
}
