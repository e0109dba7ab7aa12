/** `import`: reads a layout of another tool. */

import { type Command, Option } from "@commander-js/extra-typings";
import { connect } from "../connection.ts";
import { type ErrorAnswer, INPUT_ERROR_FIELDS, refused } from "../failure.ts";
import { examples, outputOf, pixelSize, wholeNumber, withConnection } from "../options.ts";
import { readText } from "../source_file.ts";
import { TargetFile } from "../target_file.ts";

const ANSWER = `... on AdaptedLayout {
      layout { json }
      warnings { code message field position { line column } }
    }
    ${INPUT_ERROR_FIELDS}`;

const PARSE = `query Parse($input: ParsePromptInput!) {
  adapted: parsePrompt(input: $input) { ${ANSWER} }
}`;

const IMPORT = `query Import($input: ImportLayoutInput!) {
  adapted: importLayout(input: $input) { ${ANSWER} }
}`;

interface Adapted {
  readonly adapted: ErrorAnswer & {
    readonly layout?: { readonly json: unknown };
    readonly warnings?: readonly {
      readonly code: string;
      readonly message: string;
      readonly field: string;
      readonly position: { readonly line: number; readonly column: number } | null;
    }[];
  };
}

const TOOLS = ["regional-prompter", "comfyui", "omost"] as const;

/** Adds the command. */
export function addImport(program: Command): void {
  withConnection(
    program.command("import").description("Turn another tool's file into a layout: prints its JSON, and warnings."),
  )
    .argument("<file>", "text of Regional Prompter, a workflow of ComfyUI or a canvas of Omost; - for standard input")
    .addOption(new Option("--from <tool>", "whose file it is (default: by what is in it)").choices(TOOLS))
    .option("-o, --out <file>", "where the layout goes (default: standard output)")
    .option("--size <pixels>", "ComfyUI: WIDTHxHEIGHT of the picture (default: the workflow's)", pixelSize)
    .addOption(
      new Option("--divide <mode>", "Regional Prompter: how the canvas is cut").choices(["columns", "rows", "random"]),
    )
    .option("--ratios <text>", "Regional Prompter: for instance 1,2,1 or 1,2,1,1;2,4,6 (default: equal cells)")
    .option("--base-ratios <text>", "Regional Prompter: each region's share of the base")
    .option("--negative <text>", "Regional Prompter: the negative prompt")
    .option("--use-base", "Regional Prompter: a BREAK ends the base prompt")
    .option("--use-common", "Regional Prompter: a BREAK ends the common prompt")
    .option("--flip", "Regional Prompter: swaps , and ; in --ratios")
    .option("--seed <number>", "Regional Prompter: of --divide random", wholeNumber)
    .addHelpText(
      "after",
      examples(
        "deno task cli import prompt.txt --ratios 1,2,1 --out beds.json",
        "deno task cli import workflow.json | deno task cli generate --layout - --out picture.png",
      ),
    )
    .action(async (file, values) => {
      const output = outputOf(values);
      const text = await readText(file);
      using target = values.out === undefined || values.out === "-" ? undefined : TargetFile.begin(values.out);
      await using connection = await connect(values, { store: false });
      const { client } = connection;
      const { adapted } = await ask(values.from ?? toolOf(text));
      const { layout, warnings = [] } = adapted;
      if (layout === undefined) throw refused(adapted);
      for (const { code, message, field, position } of warnings) {
        const place = position === null ? field : `line ${position.line}, column ${position.column}`;
        output.say(`warning: ${place}: ${message} (${code})`);
      }
      const json = new TextEncoder().encode(`${JSON.stringify(layout.json, null, 2)}\n`);
      if (target !== undefined) target.write(json);
      else if (!values.json) output.bytes(json);
      output.document({ layout: layout.json, warnings });

      function ask(tool: typeof TOOLS[number]): Promise<Adapted> {
        if (tool === "omost") return client.request(IMPORT, { input: { omost: { text } } });
        if (tool === "comfyui") {
          const canvas = values.size === undefined ? {} : { canvas: values.size };
          return client.request(IMPORT, { input: { comfyWorkflow: { json: text, ...canvas } } });
        }
        const settings = {
          mode: values.divide?.toUpperCase(),
          ratios: values.ratios,
          baseRatios: values.baseRatios,
          negativePrompt: values.negative,
          useBase: values.useBase,
          useCommon: values.useCommon,
          flip: values.flip,
          seed: values.seed,
        };
        return client.request(PARSE, { input: { prompt: text, ...settings } }); // what is undefined is not sent
      }
    });
}

/** Whose file a text is: workflows are JSON objects, canvases call methods of `canvas`, all else are prompts. */
function toolOf(text: string): typeof TOOLS[number] {
  if (/^\s*\{/.test(text)) return "comfyui";
  return /\bcanvas\.(set_global_description|add_local_description)\s*\(/.test(text) ? "omost" : "regional-prompter";
}
