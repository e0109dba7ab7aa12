/** `cancel`: stops a generation on a running server. */

import type { Command } from "@commander-js/extra-typings";
import { connect } from "../connection.ts";
import { ERROR_FIELDS, type ErrorAnswer, refused } from "../failure.ts";
import { examples, outputOf, withConnection } from "../options.ts";

const CANCEL = `mutation Cancel($id: ID!) {
  cancelGeneration(id: $id) {
    ... on CancelGenerationPayload { outcome generation { id status } }
    ${ERROR_FIELDS}
  }
}`;

interface Cancel {
  readonly cancelGeneration: ErrorAnswer & {
    readonly outcome?: "ALREADY_FINISHED" | "CANCELED" | "CANCELING";
    readonly generation?: { readonly id: string; readonly status: string };
  };
}

const SAID = {
  ALREADY_FINISHED: "had ended before",
  CANCELED: "is canceled",
  CANCELING: "stops at its next step",
} as const;

/** Adds the command. */
export function addCancel(program: Command): void {
  withConnection(program.command("cancel").description("Cancel a generation that waits or is painted."))
    .argument("<id>", "the generation's id")
    .addHelpText("after", examples("deno task cli cancel --server http://127.0.0.1:8000 Generation:0190..."))
    .action(async (id, values) => {
      const output = outputOf(values);
      await using connection = await connect(values, { store: true });
      const { cancelGeneration } = await connection.client.request<Cancel>(CANCEL, { id });
      const { outcome, generation } = cancelGeneration;
      if (outcome === undefined || generation === undefined) throw refused(cancelGeneration);
      output.line(`${generation.id} ${SAID[outcome]}`);
      output.document({ ...generation, outcome });
    });
}
