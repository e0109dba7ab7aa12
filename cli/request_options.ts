/** What is to be painted: the options that say so, and the input that they come to. */

import type { Command } from "@commander-js/extra-typings";
import { usage } from "./failure.ts";
import { type ConnectionValues, type LayoutValues, withLayout } from "./options.ts";
import { type PaintingValues, withPainting, withPaintingFields } from "./painting_options.ts";
import { readObject } from "./source_file.ts";

/** Adds the options that both `generate` and `validate` take. */
export function withRequest(command: Command<[], ConnectionValues>): Command<[], ConnectionValues & RequestValues> {
  return withPainting(withLayout(command));
}

/** The values of {@link withRequest}'s options. */
export type RequestValues = LayoutValues & PaintingValues;

/**
 * The fields of `GenerateInput` that the options come to, but for images to upload. Whether they are sound is the server's to say.
 * @throws {CommandFailure} USAGE if nothing is to be painted, or if a file cannot be read.
 */
export async function readRequest(values: RequestValues): Promise<Record<string, unknown>> {
  const { layout: layoutFile, input: inputFile, saved, prompt, negative, model, size, steps } = values;
  if (layoutFile === "-" && inputFile === "-") throw usage("Standard input cannot be both --layout and --input");
  const input = inputFile === undefined ? {} : await readObject(inputFile);
  if (layoutFile !== undefined) {
    input["layout"] = await readObject(layoutFile);
    delete input["savedLayout"];
    if (typeof input["layout"] === "object" && input["layout"] !== null && "layout" in input["layout"]) {
      throw usage(`${layoutFile} is no layout but holds one, as a whole input does: pass it with --input`);
    }
  }
  if (saved !== undefined) {
    input["savedLayout"] = { id: saved };
    delete input["layout"];
  }
  if (prompt !== undefined || negative !== undefined) {
    if (input["savedLayout"] !== undefined) {
      throw usage("--prompt and --negative do not change a saved layout: export it with `layouts get` first");
    }
    input["layout"] = {
      ...(input["layout"] as Record<string, unknown> | undefined),
      ...(prompt === undefined ? {} : { basePrompt: prompt }),
      ...(negative === undefined ? {} : { negativePrompt: negative }),
    };
  }
  if (input["layout"] === undefined && input["savedLayout"] === undefined) {
    throw usage("Nothing to paint: give --layout, --input, --saved or --prompt");
  }
  return {
    ...withPaintingFields(input, values),
    ...(model === undefined ? {} : { model }),
    ...size,
    ...(steps === undefined ? {} : { steps }),
  };
}
