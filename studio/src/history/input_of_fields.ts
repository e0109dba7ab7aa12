/** What a generation was asked for with, from its fields: for one that has no picture whose file says it. */

import type { GenerateInput, GenerationInputFieldsQuery, LayoutInput } from "../api/generated.ts";

type Fields = NonNullable<GenerationInputFieldsQuery["generation"]>;

/** The input. Steps are left to the model's default where they cannot be told from those of a second pass or a strength. */
export function inputOfFields(fields: Fields): GenerateInput {
  const { init, variation, windows, secondPass, model, count } = fields;
  const plain = init === null && secondPass === null;
  return {
    layout: fields.layout.json as LayoutInput,
    width: fields.width,
    height: fields.height,
    seed: fields.seed,
    sampler: fields.sampler,
    schedule: fields.schedule,
    guidanceScale: fields.guidanceScale,
    mode: fields.mode,
    ...(model === null ? {} : { model: model.name }),
    ...(plain ? { steps: fields.steps / count } : {}),
    ...(count === 1 ? {} : { count }),
    ...(fields.modeUntil === 1 ? {} : { modeUntil: fields.modeUntil }),
    ...(fields.clipSkip === 1 ? {} : { clipSkip: fields.clipSkip }),
    ...(fields.loras.length === 0 ? {} : { loras: fields.loras, regionalLora: fields.regionalLora }),
    ...(variation === null ? {} : { variationSeed: variation.seed, variationStrength: variation.strength }),
    ...(windows === null ? {} : { windows }),
    ...(secondPass === null ? {} : { secondPass }),
    ...(init === null ? {} : initInput(init)),
  };
}

function initInput(init: NonNullable<Fields["init"]>): GenerateInput {
  const { image: initImage, strength, maskImage, maskRegion, maskInverted, maskFeather } = init;
  if (maskImage === null && maskRegion === null) return { initImage, strength };
  const place = maskImage === null ? { maskRegion } : { maskImage };
  return { initImage, strength, ...place, maskInverted, maskFeather };
}
