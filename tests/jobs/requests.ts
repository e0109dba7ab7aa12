/** Requests and pictures for tests that never compute one. */

import type { GenerationRequest } from "../../jobs/request.ts";
import type { Preview } from "../../jobs/events.ts";
import type { GenerationImage } from "../../jobs/generation.ts";
import { fingerprint } from "../../jobs/idempotency.ts";
import type { EnqueueOptions } from "../../jobs/queue.ts";
import { PLAIN_LAYOUT } from "../../layout/layout.ts";

/** A request of 20 steps; different prompts make different requests. */
export function requestFor(prompt: string): GenerationRequest {
  return {
    model: "beds-256",
    layout: { ...PLAIN_LAYOUT, basePrompt: prompt },
    savedLayout: null,
    width: 256,
    height: 256,
    steps: 20,
    sampler: "euler",
    schedule: "model",
    guidanceStart: 0,
    guidanceEnd: 1,
    previews: "linear",
    guidanceScale: 7.5,
    seed: 1,
    mode: "attention",
    format: "PNG",
  };
}

/** How an input is enqueued under an idempotency key. */
export function under(key: string, input = "an input"): Required<Pick<EnqueueOptions, "idempotency">> {
  return { idempotency: { key, fingerprint: fingerprint({ input }) } };
}

/** A preview of one shade. */
export function preview(width: number, height: number, shade = 7): Preview {
  return { width, height, pixels: new Uint8Array(width * height * 3).fill(shade) };
}

export const PICTURE: GenerationImage = {
  assetKey: "0".repeat(64),
  format: "PNG",
  width: 256,
  height: 256,
  bytes: 1234,
  sha256: "0".repeat(64),
};
