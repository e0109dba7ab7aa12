/** `upload`: stores images that inputs and layouts name. */

import type { Command } from "@commander-js/extra-typings";
import { connect } from "../connection.ts";
import { examples, outputOf, withConnection } from "../options.ts";
import { readTextOrBytes } from "../source_file.ts";
import { uploadImage } from "../uploads.ts";

/** Adds the command. */
export function addUpload(program: Command): void {
  withConnection(
    program.command("upload").description("Store an image to start from, or a mask, and print its id."),
  )
    .argument("<file>", "a PNG, JPEG or WebP file")
    .addHelpText(
      "after",
      "\nThe id is the file's SHA-256: an input that names it holds wherever the file was uploaded.\n" + examples(
        "deno task cli upload examples/masks/heart.png",
        "deno task cli upload examples/images/sketch.png",
      ),
    )
    .action(async (path, values) => {
      const output = outputOf(values);
      const content = await readTextOrBytes(path);
      await using connection = await connect(values, { store: true });
      const { id, width, height } = await uploadImage(connection.client, new File([content], "image"));
      output.line(id);
      output.document({ id, width, height });
    });
}
