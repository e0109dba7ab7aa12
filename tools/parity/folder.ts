/** A folder of reference runs: what lies in it, and the checks for each kind of file. */

import { existsSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Runtime } from "../../compute/runtime/runtime.ts";
import { type CaseResult, failure } from "./case.ts";
import { checkClipSkip } from "./clip_skip.ts";
import { checkInputs } from "./inputs.ts";
import { checkIsolation } from "./isolation.ts";
import { checkLoops } from "./loops.ts";
import { checkLora } from "./lora.ts";
import { ParityModels } from "./models.ts";
import { readReferenceJson, readSafetensors, type Tensors } from "./reference.ts";
import { checkSamplers } from "./samplers.ts";
import { checkSecondPass } from "./second_pass.ts";
import { checkSteps } from "./steps.ts";
import { checkText } from "./text.ts";
import { checkTokenizer } from "./tokenizer.ts";
import { checkVae } from "./vae.ts";
import { checkWeightMaps } from "./weight_maps.ts";
import { checkWeightedPrompts } from "./weighted_prompts.ts";
import { checkWordAttention } from "./word_attention.ts";

type Results = AsyncGenerator<CaseResult>;

/** Each check declares the part of its document that it reads; nothing here looks inside. */
type Check<More extends readonly unknown[]> = (document: never, tensors: Tensors, ...more: More) => Results;

/** What each file of a model's reference folder holds, in the order of the pipeline. */
const MODEL_CHECKS: ReadonlyMap<string, Check<[ParityModels]>> = new Map<string, Check<[ParityModels]>>([
  ["text", checkText],
  ["weighted-prompts", checkWeightedPrompts],
  ["embeddings", checkWeightedPrompts],
  ["clip-skip", checkClipSkip],
  ["steps", checkSteps],
  ["isolation", checkIsolation],
  ["lora", checkLora],
  ["lora-writers", checkLora],
  ["word-attention", checkWordAttention],
  ["loops", checkLoops],
  ["inputs", checkInputs],
  ["second-pass", checkSecondPass],
  ["vae", checkVae],
]);

/** What the files beside the models' folders hold; they need no model. */
const PLAIN_CHECKS: ReadonlyMap<string, Check<[]>> = new Map<string, Check<[]>>([
  ["samplers", checkSamplers],
  ["weight-maps", checkWeightMaps],
]);

const TOKENIZER = "tokenizer";

/**
 * Everything that `dir` can be checked for: `oracle/NAME` against `models/NAME`, `oracle/samplers.json`,
 * `oracle/weight-maps.json` and `tokenizer/clip-golden.json`. What cannot be run counts as failed, with the reason.
 * @param names The ones to check; all of them if empty.
 * @param models The folder that holds the model folders.
 */
export async function* checkFolder(
  dir: string,
  names: readonly string[],
  runtime: Runtime,
  models: string = join(dir, "models"),
): Results {
  let found: readonly string[];
  try {
    found = names.length > 0 ? names : referenceNames(dir);
  } catch (error) {
    yield failure(dir, error);
    return;
  }
  if (found.length === 0) yield failure(dir, "it holds no reference runs");
  for (const name of found) yield* checkName(dir, name, runtime, models);
  if (names.length > 0) return;
  for (const [folder, reason] of new ParityModels(runtime, models).brokenVariants()) {
    yield failure(`models/${folder}`, reason);
  }
}

/** The names that {@link checkFolder} knows in `dir`. */
export function referenceNames(dir: string): readonly string[] {
  const oracle = join(dir, "oracle");
  const models = existsSync(oracle)
    ? [...Deno.readDirSync(oracle)].map((entry) => entry.name).filter((name) => isFolder(join(oracle, name))).sort()
    : [];
  const plain = [...PLAIN_CHECKS.keys()].filter((stem) => existsSync(join(oracle, `${stem}.json`)));
  return [...models, ...plain, ...existsSync(goldenIds(dir)) ? [TOKENIZER] : []];
}

async function* checkName(dir: string, name: string, runtime: Runtime, models: string): Results {
  const oracle = join(dir, "oracle");
  const plain = PLAIN_CHECKS.get(name);
  if (plain !== undefined) {
    yield* guarded(name, () => plain(...readPair(oracle, name)));
  } else if (name === TOKENIZER) {
    yield* guarded(name, () => checkTokenizer(readReferenceJson(goldenIds(dir)), join(dir, TOKENIZER)));
  } else {
    yield* checkModel(join(oracle, name), models, runtime);
  }
}

/**
 * Compares one model with its reference runs, and its UNet-only variants with the UNet calls among them.
 * @param oracle A folder of `<stem>.json` and `<stem>.safetensors` pairs.
 * @param models The folder that holds the model folders.
 */
export async function* checkModel(oracle: string, models: string, runtime: Runtime): Results {
  const name = basename(oracle);
  const stems = [...MODEL_CHECKS].filter(([stem]) => existsSync(join(oracle, `${stem}.json`)));
  if (stems.length === 0) yield failure(name, `"${oracle}" holds no reference runs`);
  const opened = new ParityModels(runtime, models);
  try {
    for (const [stem, check] of stems) {
      yield* guarded(`${name}/${stem}`, () => check(...readPair(oracle, stem), opened));
    }
  } finally {
    await opened.release();
  }
}

/** A check's results under a common name; what it throws is its last result. */
async function* guarded(name: string, check: () => Results): Results {
  try {
    for await (const result of check()) yield { ...result, name: `${name}/${result.name}` };
  } catch (error) {
    yield failure(name, error);
  }
}

function readPair(folder: string, stem: string): [document: never, tensors: Tensors] {
  return [readReferenceJson(join(folder, `${stem}.json`)), readSafetensors(join(folder, `${stem}.safetensors`))];
}

/** Links are followed. */
function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function goldenIds(dir: string): string {
  return join(dir, TOKENIZER, "clip-golden.json");
}
