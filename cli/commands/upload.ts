/** `upload`: stores images that inputs and layouts name. */

import type { Command } from "@commander-js/extra-typings";
import { connect } from "../connection.ts";
import { type ErrorAnswer, INPUT_ERROR_FIELDS, refused } from "../failure.ts";
import { examples, outputOf, withConnection } from "../options.ts";
import { readTextOrBytes } from "../source_file.ts";

const UPLOAD = `mutation Upload($file: File!) {
  uploadImage(file: $file) { ... on ImageAsset { id width height } ${INPUT_ERROR_FIELDS} }
}`;

interface Upload {
  readonly uploadImage: ErrorAnswer & { readonly id?: string; readonly width?: number; readonly height?: number };
}

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
      const { uploadImage: stored } = await connection.client.request<Upload>(UPLOAD, { file: null }, {
        files: { "variables.file": new File([content], "image") },
      });
      if (stored.id === undefined) throw refused(stored);
      const { id, width, height } = stored;
      output.line(id);
      output.document({ id, width, height });
    });
}
