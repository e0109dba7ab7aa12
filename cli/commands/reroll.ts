/** `reroll`: paints regions of a picture anew. */

import { type Command } from "@commander-js/extra-typings";
import { connect } from "../connection.ts";
import { type ErrorAnswer, INPUT_ERROR_FIELDS, refused, usage } from "../failure.ts";
import { Interrupt } from "../interrupt.ts";
import { examples, outputOf, wholeNumber, withConnection } from "../options.ts";
import { checkTarget, deliver } from "../picture_target.ts";
import { readTextOrBytes } from "../source_file.ts";
import { TargetFile } from "../target_file.ts";

const REROLL = `mutation Reroll($input: RerollInput!) {
  reroll(input: $input) {
    ... on Reroll {
      generation { id rerolls { regions { name seed } } }
      differences { field was is }
    }
    ${INPUT_ERROR_FIELDS}
  }
}`;

interface Reroll {
  readonly reroll: ErrorAnswer & {
    readonly generation?: {
      readonly id: string;
      readonly rerolls: readonly {
        readonly regions: readonly { readonly name: string; readonly seed: number }[];
      }[];
    };
    readonly differences?: readonly {
      readonly field: string;
      readonly was: string | null;
      readonly is: string | null;
    }[];
  };
}

/** Adds the command. */
export function addReroll(program: Command): void {
  withConnection(program.command("reroll").description("Paint regions of a picture anew, with other noise."))
    .argument("<picture>", "a generation's id, or the file of a picture of Parterre's")
    .requiredOption("-r, --region <name...>", "the regions to paint anew")
    .option("--seed <number...>", "a seed for each region (default: random)", (text, seeds: readonly number[] = []) => [
      ...seeds,
      wholeNumber(text),
    ])
    .option("--no-lock-rest", "let the rest follow the new regions a little, in half the time")
    .option("-o, --out <file>", "where the picture goes; - for standard output. A file that is there is replaced")
    .option("--detach", "print the new generation's id and leave; needs --server")
    .addHelpText(
      "after",
      examples(
        "deno task cli reroll picture.png --region fox --seed 7 --out other.png",
        "deno task cli reroll Generation:0190... --region fox --region owl --out other.png",
      ),
    )
    .action(async (picture, values) => {
      const { region: regions, seed: seeds, lockRest, out, detach } = values;
      checkTarget(values);
      const file = picture.startsWith("Generation:") ? undefined : await readPicture(picture);
      const output = outputOf(values);
      using interrupt = new Interrupt();
      using target = out === undefined || out === "-" ? undefined : TargetFile.begin(out);
      await using connection = await connect(values, { store: true });
      const { client } = connection;
      const { signal } = interrupt;

      const input = {
        ...(file === undefined ? { generation: picture } : { file: null }),
        regions,
        lockRest,
        ...(seeds === undefined ? {} : { seeds }),
      };
      const files = file === undefined ? {} : { files: { "variables.input.file": file } };
      const { reroll } = await client.request<Reroll>(REROLL, { input }, { signal, ...files });
      if (reroll.generation === undefined) throw refused(reroll);
      for (const { field, was, is } of reroll.differences ?? []) {
        output.say(`warning: ${field} was ${was ?? "not told"} and is ${is ?? "unknown"}: the rest may differ`);
      }
      const { id, rerolls } = reroll.generation;
      for (const { name, seed } of rerolls.at(-1)?.regions ?? []) output.progress(`${name}: seed ${seed}`);
      if (detach) {
        output.line(id);
        output.document({ id });
        return;
      }
      await deliver(id, { client, output, signal, out, target });
    });
}

/** @throws {CommandFailure} USAGE if the file cannot be read, or is a text. */
async function readPicture(path: string): Promise<File> {
  const content = await readTextOrBytes(path);
  if (typeof content === "string") throw usage(`${path} is a text and no picture`);
  return new File([content], "picture");
}
