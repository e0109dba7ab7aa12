/** The contexts of every call of the sampler, encoded before the first one. */

import { nth } from "../../elements.ts";
import type { Layout, PromptEmphasis } from "../../layout/layout.ts";
import { parsedPrompts } from "../../layout/prompts.ts";
import type { ParsedPrompt } from "../../layout/prompt/prompt.ts";
import { partsKey, promptSchedule } from "../../layout/prompt/schedule.ts";
import { type AppliedLora, lorasKey } from "../lora/merge_loras.ts";
import type { PromptContext, TextConditioner } from "../model/text_conditioner.ts";

/** What encodes prompts. */
type Encoder = Pick<TextConditioner, "encode">;

/** What encodes one prompt: with LoRAs merged into it, those of the prompt alone named. */
export interface PromptEncoder {
  readonly text: Encoder;
  readonly loras: readonly AppliedLora[];
}

/** Both polarities, by call: the base prompt's context first; negatives that all read the same are a single one. */
export interface PolarContexts {
  readonly cond: (call: number) => readonly PromptContext[];
  readonly uncond: (call: number) => readonly PromptContext[];
}

/**
 * Encodes everything that a layout's prompts read in the course of a generation. A call reads what its step reads: a
 * sampler that calls the denoiser twice in a step gets the same prompt both times. Regions that are not enabled are not
 * encoded; the base's context, which has no weight there, stands in their place.
 * @param encoderOf What encodes the base's prompts, 0, and those of each region, from 1 on. It is used before it is asked for
 *   the next one.
 * @param calls How often the sampler calls the denoiser in `steps` steps, at least `steps` times.
 */
export async function encodePrompts(
  encoderOf: (prompt: number) => PromptEncoder | Promise<PromptEncoder>,
  layout: Layout,
  { steps, calls, clipSkip = 1 }: { readonly steps: number; readonly calls: number; readonly clipSkip?: number },
): Promise<PolarContexts> {
  const { positive, negative } = parsedPrompts(layout);
  const enabled = [true, ...layout.regions.map((region) => region.enabled)];
  const options = { encoderOf, enabled, steps, emphasis: layout.emphasis, clipSkip };
  const cond = await contextsByStep(positive, { ...options, alike: "SEPARATE" });
  const uncond = await contextsByStep(negative, { ...options, alike: "ONE" });
  const at = (contexts: readonly (readonly PromptContext[])[]) => (call: number) =>
    nth(contexts, stepOfCall(call, { steps, calls }));
  return { cond: at(cond), uncond: at(uncond) };
}

/** The step that a call belongs to, both from 0. */
export function stepOfCall(
  call: number,
  { steps, calls }: { readonly steps: number; readonly calls: number },
): number {
  return Math.floor(call * steps / calls);
}

interface ContextOptions {
  readonly encoderOf: (prompt: number) => PromptEncoder | Promise<PromptEncoder>;
  /** By prompt. */
  readonly enabled: readonly boolean[];
  readonly steps: number;
  readonly emphasis: PromptEmphasis;
  readonly clipSkip: number;
  /** Whether prompts that all read the same are given as one. */
  readonly alike: "ONE" | "SEPARATE";
}

/** Contexts by step; steps that read the same share one list. */
async function contextsByStep(
  prompts: readonly ParsedPrompt[],
  { encoderOf, enabled, steps, emphasis, clipSkip, alike }: ContextOptions,
): Promise<readonly (readonly PromptContext[])[]> {
  const encoded = new Map<string, PromptContext>();
  const read: PromptContext[][] = [];
  for (const [i, prompt] of prompts.entries()) {
    const byStep: PromptContext[] = [];
    const schedule = enabled[i] ? promptSchedule(prompt, steps) : [];
    const { text, loras } = schedule.length === 0 ? NO_ENCODER : await encoderOf(i);
    for (const { first, end, parts } of schedule) {
      const key = JSON.stringify([partsKey(parts), lorasKey(loras)]);
      const context = encoded.get(key) ?? { ...(await text.encode(parts, emphasis, clipSkip)).context, loras };
      encoded.set(key, context);
      for (let step = first; step < end; step++) byStep.push(context);
    }
    read.push(byStep);
  }
  const [base = []] = read;
  const lists: (readonly PromptContext[])[] = [];
  for (let step = 0; step < steps; step++) {
    const all = read.flatMap((byStep) => byStep[step] ?? base[step] ?? []);
    const list = alike === "ONE" && all.every((context) => context === all[0]) ? all.slice(0, 1) : all;
    lists.push(lists.find((known) => sameItems(known, list)) ?? list);
  }
  return lists;
}

/** Of a prompt that reads nothing. */
const NO_ENCODER: PromptEncoder = {
  text: { encode: () => Promise.reject(new RangeError("Cannot encode a prompt without an encoder")) },
  loras: [],
};

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
