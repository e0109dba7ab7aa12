/** Every reference run of a folder `DIR/oracle/NAME`, compared with the model folder `DIR/models/NAME`. */

import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import type { Runtime } from "../compute/runtime/runtime.ts";
import type { CaseResult } from "./case.ts";
import { checkIsolation } from "./isolation.ts";
import { checkLoops } from "./loops.ts";
import { ParityModels } from "./models.ts";
import { readReferenceJson, readSafetensors, type Tensors } from "./reference.ts";
import { checkSteps } from "./steps.ts";
import { checkText } from "./text.ts";
import { checkVae } from "./vae.ts";

// deno-lint-ignore no-explicit-any -- each check declares the part of its document that it reads
type Check = (document: any, tensors: Tensors, models: ParityModels) => AsyncGenerator<CaseResult>;

/** What each file of a reference folder holds, in the order of the pipeline. */
const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ["text", checkText],
  ["steps", checkSteps],
  ["isolation", checkIsolation],
  ["loops", checkLoops],
  ["vae", checkVae],
]);

/**
 * Compares one model with its reference runs. A case that cannot be run counts as failed, with the reason.
 * @param oracle A folder of `<stem>.json` and `<stem>.safetensors` pairs.
 * @param models The folder that holds the model folders.
 */
export async function* checkModel(oracle: string, models: string, runtime: Runtime): AsyncGenerator<CaseResult> {
  const opened = new ParityModels(runtime, models);
  try {
    for (const [stem, check] of CHECKS) {
      const file = join(oracle, `${stem}.json`);
      if (!existsSync(file)) continue;
      const prefix = `${basename(oracle)}/${stem}`;
      try {
        const tensors = readSafetensors(join(oracle, `${stem}.safetensors`));
        for await (const result of check(readReferenceJson(file), tensors, opened)) {
          yield { ...result, name: `${prefix}/${result.name}` };
        }
      } catch (error) {
        yield { name: prefix, error: error instanceof Error ? error.message : String(error), tolerance: 0 };
      }
    }
  } finally {
    await opened.release();
  }
}

/** The reference folders of `DIR/oracle`, by name. */
export function oracles(dir: string): readonly string[] {
  return [...Deno.readDirSync(join(dir, "oracle"))].filter((entry) => entry.isDirectory).map((entry) => entry.name)
    .sort();
}
