/** A job that this browser paints: the page's rooms see it as one of the server's. */

import { signal } from "@preact/signals";
import type { GenerateInput, GenerationFieldsFragment } from "../api/generated.ts";
import { problems, report } from "../dry_run/dry_run.ts";
import { job, type Painted, show, type Shown, shown } from "../paint/job.ts";
import { paintHere } from "./local_paint.ts";
import type { LocalPicture } from "./protocol.ts";

/** What the ids of such jobs begin with; the server knows none of them. */
const HERE = "here:";

/** How much of a model was fetched so far, 0 to 1; null while none is fetched. */
export const fetched = signal<number | null>(null);

/** Why nothing was painted; null while nothing is wrong. */
export const localTrouble = signal<string | null>(null);

let stop: AbortController | undefined;

/** Whether a job is painted, or was, by this browser. */
export function isHere({ id }: Pick<GenerationFieldsFragment, "id">): boolean {
  return id.startsWith(HERE);
}

/** Ends the job at its next step. */
export function cancelHere(): void {
  stop?.abort();
  if (job.value !== null) job.value = { ...job.value, status: "CANCELING" };
}

/**
 * Paints all pictures of an input. Null if it is refused, fails or is canceled, which `problems`, {@link localTrouble} and
 * the job tell.
 */
export async function paintInBrowser(input: GenerateInput): Promise<Painted | null> {
  const model = input.model ?? report.value?.model;
  if (model === undefined) {
    localTrouble.value = "The server has not told yet which model this is for";
    return null;
  }
  const seed = input.seed ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  const count = input.count ?? 1;
  const before = shown.value;
  stop = new AbortController();
  localTrouble.value = null;
  show({ generation: begun(input, seed), input });
  const pictures: (GenerationFieldsFragment["pictures"][number])[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const outcome = await paintHere({ ...input, model, seed: (seed + i) % 2 ** 32 }, {
        signal: stop.signal,
        onFetch: (bytes, total) => fetched.value = bytes < total ? bytes / total : null,
        onStep: ({ step, steps, stepMs, preview }) => {
          tell({ status: "RUNNING", step: i * steps + step, steps: count * steps });
          tell({ etaSeconds: (count * steps - i * steps - step) * stepMs / 1000 });
          void showPicture(preview);
        },
      });
      if (outcome.type === "REFUSED") {
        problems.value = outcome.problems.map(({ path: [, ...path], message }) => ({ path, message }));
        return end("CANCELED", before);
      }
      if (outcome.type === "CANCELED") return end("CANCELED", before);
      if (outcome.type === "FAILED") return end("FAILED", before, outcome.message);
      const image = await showPicture(outcome.picture);
      pictures.push({ seed: outcome.seed, image: { ...image, mimeType: "image/png" } });
    }
  } catch (error) {
    return end("FAILED", before, error instanceof Error ? error.message : String(error));
  } finally {
    fetched.value = null;
  }
  tell({ status: "SUCCEEDED", image: pictures[0]?.image ?? null, pictures, etaSeconds: null });
  return job.value && { generation: job.value, input };
}

function begun(input: GenerateInput, seed: number): GenerationFieldsFragment {
  return {
    id: `${HERE}${crypto.randomUUID()}`,
    status: "RUNNING",
    step: 0,
    steps: 0,
    etaSeconds: null,
    queuePosition: null,
    createdAt: new Date().toISOString(),
    completedAt: null,
    seed,
    width: report.value?.width ?? input.width ?? 0,
    height: report.value?.height ?? input.height ?? 0,
    mode: input.mode ?? "ATTENTION",
    error: null,
    image: null,
    pictures: [],
    rerolls: [],
    regionMasks: [],
  };
}

function tell(changes: Partial<GenerationFieldsFragment>): void {
  if (job.value !== null && isHere(job.value)) job.value = { ...job.value, ...changes };
}

function end(status: "CANCELED" | "FAILED", before: Shown | null, message?: string): null {
  tell({ status, etaSeconds: null, error: message === undefined ? null : { code: "LOCAL", message } });
  shown.value = before;
  return null;
}

/** Shows pixels as a PNG file of the browser's. */
async function showPicture({ width, height, data }: LocalPicture): Promise<Shown> {
  const canvas = new OffscreenCanvas(width, height);
  const pixels = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    pixels.data.set(data.subarray(3 * i, 3 * i + 3), 4 * i);
    pixels.data[4 * i + 3] = 255;
  }
  canvas.getContext("2d")?.putImageData(pixels, 0, 0);
  const image = { url: URL.createObjectURL(await canvas.convertToBlob()), width, height };
  shown.value = image;
  return image;
}
