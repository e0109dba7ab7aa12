/** `models`: what can paint here. */

import type { Command } from "@commander-js/extra-typings";
import { connect } from "../connection.ts";
import { examples, outputOf, withConnection } from "../options.ts";
import { columns } from "../output.ts";

const MODELS = `query Models {
  models {
    name
    state
    refusal
    fileBytes
    memoryBytes
    capabilities { family nativeSize sizeMultiple defaultSteps defaultGuidanceScale distillation }
  }
}`;

interface Models {
  readonly models: readonly {
    readonly name: string;
    readonly state: "LOADED" | "READY" | "REFUSED";
    readonly refusal: string | null;
    readonly fileBytes: number | null;
    readonly memoryBytes: number | null;
    readonly capabilities: {
      readonly family: string;
      readonly nativeSize: number;
      readonly sizeMultiple: number;
      readonly defaultSteps: number;
      readonly defaultGuidanceScale: number;
      readonly distillation: string;
    } | null;
  }[];
}

/** Adds the command. */
export function addModels(program: Command): void {
  withConnection(program.command("models").description("List the models, also those that cannot be used."))
    .addHelpText("after", examples("deno task cli models", "deno task cli models --json | jq -r '.[].name'"))
    .action(async (values) => {
      const output = outputOf(values);
      await using connection = await connect(values, { store: false });
      const { models } = await connection.client.request<Models>(MODELS);
      output.document(models);
      const rows = models.map(({ name, state, refusal, fileBytes, capabilities: c }) =>
        c === null ? [name, state.toLowerCase(), refusal ?? "", "", "", ""] : [
          name,
          state.toLowerCase(),
          c.family,
          `${c.nativeSize} px`,
          `${c.defaultSteps} steps, guidance ${c.defaultGuidanceScale}`,
          fileBytes === null ? "" : `${Math.round(fileBytes / 2 ** 20)} MiB`,
        ]
      );
      if (rows.length > 0) output.line(columns(rows));
      else output.progress("There are no models");
    });
}
