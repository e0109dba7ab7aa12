/** `import`: reads a layout of another tool. */

import { type Command, Option } from "@commander-js/extra-typings";
import { connect } from "../connection.ts";
import { type ErrorAnswer, INPUT_ERROR_FIELDS, refused, usage } from "../failure.ts";
import { examples, outputOf, pixelSize, wholeNumber, withConnection } from "../options.ts";
import { type Tool, toolOf, TOOLS } from "../imported_file.ts";
import { readTextOrBytes } from "../source_file.ts";
import { TargetFile } from "../target_file.ts";

const ANSWER = `... on AdaptedLayout {
      source
      layout { json }
      generateInput
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
    readonly source?: string;
    readonly layout?: { readonly json: unknown };
    readonly generateInput?: unknown;
    readonly warnings?: readonly {
      readonly code: string;
      readonly message: string;
      readonly field: string;
      readonly position: { readonly line: number; readonly column: number } | null;
    }[];
  };
}

/** Adds the command. */
export function addImport(program: Command): void {
  withConnection(
    program.command("import").description("Turn another tool's file into a layout: prints its JSON, and warnings."),
  )
    .argument("<file>", "a picture that carries its prompts, or a text of another tool; - for standard input")
    .addOption(new Option("--from <tool>", "whose file it is (default: by what is in it)").choices(TOOLS))
    .option("-o, --out <file>", "where the layout goes (default: standard output)")
    .option("--whole", "write the whole input for `generate --input`, with size, steps, sampler, guidance and seed")
    .option("--mask <id>", "a picture that Regional Prompter divided by a mask: the uploaded mask's id")
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
        "deno task cli import picture.png --whole | deno task cli generate --input - --out again.png",
      ),
    )
    .action(async (file, values) => {
      const output = outputOf(values);
      const content = await readTextOrBytes(file);
      using target = values.out === undefined || values.out === "-" ? undefined : TargetFile.begin(values.out);
      await using connection = await connect(values, { store: false });
      const { client } = connection;
      const { adapted } = await ask(values.from ?? toolOf(content));
      const { source, layout, generateInput, warnings = [] } = adapted;
      if (layout === undefined) throw refused(adapted);
      for (const { code, message, field, position } of warnings) {
        const place = position === null ? field : `line ${position.line}, column ${position.column}`;
        output.say(`warning: ${place}: ${message} (${code})`);
      }
      const wanted = values.whole ? generateInput : layout.json;
      const json = new TextEncoder().encode(`${JSON.stringify(wanted, null, 2)}\n`);
      if (target !== undefined) target.write(json);
      else if (!values.json) output.bytes(json);
      output.document({ source, layout: layout.json, generateInput, warnings });

      function ask(tool: Tool): Promise<Adapted> {
        const mask = values.mask === undefined ? {} : { maskAsset: values.mask };
        const importing = (input: Record<string, unknown>) => client.request<Adapted>(IMPORT, { input });
        if (tool === "picture") {
          const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
          const picture = { file: null, ...mask };
          const files = { "variables.input.picture.file": new File([bytes], "picture") };
          return client.request(IMPORT, { input: { picture } }, { files });
        }
        if (typeof content !== "string") throw usage(`Cannot read ${file}: it is not UTF-8 text`);
        switch (tool) {
          case "omost":
            return importing({ omost: { text: content } });
          case "a1111":
            return importing({ parameters: { text: content, ...mask } });
          case "invokeai":
            return importing({ invokeai: { json: content } });
          case "krita-ai":
            return importing({ kritaAi: { json: content } });
          case "comfyui": {
            const canvas = values.size === undefined ? {} : { canvas: values.size };
            return importing({ comfyWorkflow: { json: content, ...canvas } });
          }
          case "regional-prompter":
            return client.request(PARSE, { input: { prompt: content, ...settings() } });
        }
      }

      function settings() { // what is undefined is not sent
        return {
          mode: values.divide?.toUpperCase(),
          ratios: values.ratios,
          baseRatios: values.baseRatios,
          negativePrompt: values.negative,
          useBase: values.useBase,
          useCommon: values.useCommon,
          flip: values.flip,
          seed: values.seed,
        };
      }
    });
}
