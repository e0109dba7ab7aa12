/** What is to be painted: the options that say so, and the input that they come to. */

import { type Command, Option } from "@commander-js/extra-typings";
import { usage } from "./failure.ts";
import { type ConnectionValues, pixelSize, wholeNumber } from "./options.ts";
import { readObject } from "./source_file.ts";

/** Adds the options that both `generate` and `validate` take. */
export function withRequest(command: Command<[], ConnectionValues>): Command<[], ConnectionValues & RequestValues> {
  return command
    .option("-l, --layout <file>", "the layout as JSON, as `layouts get` and `import` write it; - for standard input")
    .option("-i, --input <file>", "the whole input as JSON, a GenerateInput; options replace what it says")
    .addOption(new Option("--saved <id>", "a saved layout, in its latest version").conflicts("layout"))
    .option("-p, --prompt <text>", "the base prompt: alone a picture without regions, else in place of the layout's")
    .option("-n, --negative <text>", "what to keep away, in place of the layout's negative prompt")
    .option("-m, --model <name>", "the model (default: the server's)")
    .option("--size <pixels>", "WIDTHxHEIGHT (default: by the layout's aspect, else the model's)", pixelSize)
    .option("--steps <number>", "denoising steps (default: the model's)", wholeNumber);
}

/** The values of {@link withRequest}'s options. */
export type RequestValues = {
  readonly layout?: string | undefined;
  readonly input?: string | undefined;
  readonly saved?: string | undefined;
  readonly prompt?: string | undefined;
  readonly negative?: string | undefined;
  readonly model?: string | undefined;
  readonly size?: { readonly width: number; readonly height: number } | undefined;
  readonly steps?: number | undefined;
};

/**
 * The fields of `GenerateInput` that the options come to. Whether they are sound is the server's to say.
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
    ...input,
    ...(model === undefined ? {} : { model }),
    ...size,
    ...(steps === undefined ? {} : { steps }),
  };
}
