/** `watch`: follows a generation that was asked for before. */

import type { Command } from "@commander-js/extra-typings";
import { connect } from "../connection.ts";
import { failed, usage } from "../failure.ts";
import { FurtherTargets } from "../further_targets.ts";
import { Interrupt } from "../interrupt.ts";
import { examples, outputOf, withConnection } from "../options.ts";
import { furtherPictures, writeFurther } from "../picture_target.ts";
import { TargetFile, targetFolder } from "../target_file.ts";
import { watchGeneration } from "../watch_generation.ts";

/** Adds the command. */
export function addWatch(program: Command): void {
  withConnection(program.command("watch").description("Follow a generation from its start to its end."))
    .argument("<id>", "the generation's id")
    .option(
      "-o, --out <file>",
      "where its picture goes, and others beside it, as fox-2.png beside fox.png; - for standard output",
    )
    .option("--previews <folder>", "keep every preview there, as preview-01.png and so on")
    .addHelpText(
      "after",
      "\nInterrupting it leaves the generation alone. --json writes every event of the API as a line.\n" + examples(
        "deno task cli watch --server http://127.0.0.1:8000 Generation:0190... --out picture.png",
        "deno task cli watch --json Generation:0190... | jq .fraction",
      ),
    )
    .action(async (id, values) => {
      const { out } = values;
      if (out === "-" && values.json) throw usage("--json and --out - both write to standard output");
      const output = outputOf(values);
      using interrupt = new Interrupt();
      const previews = values.previews === undefined ? undefined : targetFolder(values.previews);
      using target = out === undefined || out === "-" ? undefined : TargetFile.begin(out);
      await using connection = await connect(values, { store: true });
      const { client } = connection;
      const { generation } = await watchGeneration(client, id, {
        output,
        previews,
        signal: interrupt.signal,
        cancel: false,
        onEvent: (event) => output.document(event),
      });
      const { status, error, image, width, height, seed } = generation;
      if (image === null) {
        throw failed(`The generation ended ${status}: ${error?.message ?? "no reason given"}`, error?.code ?? status);
      }
      const others = out === undefined ? [] : await furtherPictures(id, client);
      using further = new FurtherTargets(out, 1 + others.length);
      if (out !== undefined) {
        const picture = await client.picture(image.url);
        target?.write(picture);
        if (out === "-") output.bytes(picture);
      }
      if (out !== "-") output.line(`${out ?? image.url}: ${width} x ${height}, seed ${seed}`);
      for (const other of await writeFurther(others, further, client)) output.line(`${other.out}: seed ${other.seed}`);
    });
}
