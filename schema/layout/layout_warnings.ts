/** Warnings of a dry run: their type, and those that are about the machine and the model. */

import { predictedSize } from "../../compute/pipeline/picture_windows.ts";
import { quote } from "../../errors.ts";
import { hasWorker } from "../../jobs/able_workers.ts";
import type { GenerationRequest } from "../../jobs/request.ts";
import type { Roster } from "../../jobs/workers.ts";
import type { LayoutWarning } from "../../layout/report/report.ts";
import { builder } from "../builder.ts";

/** How many times a picture may have the area that its model was trained for before it is warned of. */
const FAR_LARGER = 3;

const WarningCode = builder.enumType("LayoutWarningCode", {
  description: "What a warning is about.",
  values: {
    COVERS_NOTHING: { description: "The region covers nothing." },
    HIDDEN: { description: "Other regions hide the region." },
    BASE_ONLY: { description: "Its base ratio leaves the region nothing." },
    WEAK: { description: "Other regions leave it only a small share of its place." },
    TEXTURE_ONLY: { description: "It is too small to steer shapes." },
    EMPTY_PROMPT: { description: "Its prompt is empty." },
    NEVER_ACTIVE: { description: "Its window of steps holds no step." },
    EMPTY_BASE: { description: "Holes take the base prompt, which is empty." },
    UNCOVERED: { description: "Holes are errors, and there are some." },
    LORA_PARTS: { description: "A LoRA has layers that the region leaves out." },
    LORA_KEYS: { description: "A LoRA has tensors that the model has no place for." },
    FOUND_LATER: {
      description: "The region is found by words while the picture is painted: what it covers is not known before.",
    },
    LARGE: { description: "The picture is far larger than what the model was trained for, and has no windows." },
    NO_WORKER: {
      description: "No worker that runs now has the model: the picture is accepted, and waits until one comes.",
    },
    ASPECT: { description: "The picture's aspect is not the layout's: shapes are stretched by more than a percent." },
  } as const,
});

export const LayoutWarningRef = builder.objectRef<LayoutWarning>("LayoutWarning").implement({
  description: "Something to know before painting; nothing is changed because of it.",
  fields: (t) => ({
    code: t.field({ type: WarningCode, description: "What it is about.", resolve: ({ code }) => code }),
    region: t.exposeString("region", { description: "The region's name; null for the whole layout.", nullable: true }),
    message: t.exposeString("message", { description: "In words." }),
  }),
});

/** The size at which models paint things several times over. */
export function sizeWarnings(request: GenerationRequest, nativeSize: number): readonly LayoutWarning[] {
  const { width, height } = predictedSize(request);
  if (width * height <= FAR_LARGER * nativeSize ** 2) return [];
  const message =
    `The model was trained for ${nativeSize} x ${nativeSize} pixels and would see ${width} x ${height} at ` +
    "once: things may come out several times over or torn; windows, or a second pass over a smaller picture, help";
  return [{ code: "LARGE", region: null, message }];
}

/** That a picture would wait for a worker that is not there. */
export async function workerWarnings(model: string, workers: Roster): Promise<readonly LayoutWarning[]> {
  if (await hasWorker(model, workers) !== false) return [];
  const message = `no worker that runs now has the model ${quote(model)}: the picture would wait until one comes`;
  return [{ code: "NO_WORKER", region: null, message }];
}
