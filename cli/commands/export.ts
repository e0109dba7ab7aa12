/** `export`: writes a layout for another tool. */

import { type Command, Option } from "@commander-js/extra-typings";
import { connect } from "../connection.ts";
import { type ErrorAnswer, INPUT_ERROR_FIELDS, refused } from "../failure.ts";
import { examples, outputOf, withConnection } from "../options.ts";
import { readRequest, withRequest } from "../request_options.ts";
import { TargetFile } from "../target_file.ts";

const EXPORT = `query Export($input: ExportLayoutInput!) {
  exportLayout(input: $input) {
    ... on ExportedLayout {
      text
      regionalPrompter { prompt negativePrompt mode ratios baseRatios maskAsset maskColours }
      warnings { code message field }
    }
    ${INPUT_ERROR_FIELDS}
  }
}`;

interface Exported {
  readonly exportLayout: ErrorAnswer & {
    readonly text?: string;
    readonly regionalPrompter?: Readonly<Record<string, unknown>> | null;
    readonly warnings?: readonly { readonly code: string; readonly message: string; readonly field: string }[];
  };
}

const FORMATS = { "regional-prompter": "REGIONAL_PROMPTER", comfyui: "COMFY_WORKFLOW" } as const;

/** The fields of `GenerateInput` that a workflow has too. */
const SETTINGS = ["model", "width", "height", "steps", "sampler", "schedule", "guidanceScale", "seed"];

/** What Regional Prompter calls its settings. */
const NAMES: readonly (readonly [field: string, name: string])[] = [
  ["mode", "divide mode"],
  ["ratios", "divide ratio"],
  ["baseRatios", "base ratio"],
  ["negativePrompt", "negative prompt"],
  ["maskAsset", "mask"],
  ["maskColours", "mask colours"],
];

/** Adds the command. */
export function addExport(program: Command): void {
  withRequest(
    withConnection(program.command("export").description("Write a layout for another tool: prints it, and warnings.")),
  )
    .addOption(
      new Option("--to <tool>", "for which tool").choices(["regional-prompter", "comfyui"]).makeOptionMandatory(),
    )
    .option("-o, --out <file>", "where the text goes (default: standard output)")
    .addHelpText(
      "after",
      examples(
        "deno task cli export --layout beds.json --to regional-prompter",
        "deno task cli export --layout beds.json --size 768x512 --steps 20 --to comfyui --out workflow.json",
      ),
    )
    .action(async (values) => {
      const output = outputOf(values);
      const { layout, savedLayout, ...request } = await readRequest(values);
      const own = SETTINGS.filter((name) => name in request).map((name) => [name, request[name]] as const);
      const settings = own.length > 0 ? { settings: Object.fromEntries(own) } : {};
      using target = values.out === undefined || values.out === "-" ? undefined : TargetFile.begin(values.out);
      await using connection = await connect(values, { store: savedLayout !== undefined });
      const input = { layout, savedLayout, format: FORMATS[values.to], ...settings };
      const { exportLayout } = await connection.client.request<Exported>(EXPORT, { input });
      const { text, regionalPrompter = null, warnings = [] } = exportLayout;
      if (text === undefined) throw refused(exportLayout);
      for (const { code, message, field } of warnings) output.say(`warning: ${field}: ${message} (${code})`);
      for (const [field, name] of regionalPrompter === null ? [] : NAMES) {
        const value = regionalPrompter?.[field];
        if (value !== null && value !== undefined && value !== "") output.say(`${name}: ${value}`);
      }
      const bytes = new TextEncoder().encode(`${text}\n`);
      if (target !== undefined) target.write(bytes);
      else if (!values.json) output.bytes(bytes);
      output.document({ text, regionalPrompter, warnings });
    });
}
