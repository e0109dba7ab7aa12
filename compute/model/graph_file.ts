/** Reading a part's `model.onnx` and the data files that it names. */

import { dirname, isAbsolute, join } from "node:path";
import { type ExternalWeights, type OnnxFile, parseOnnx } from "../graph/onnx_file.ts";
import { ModelFolderError } from "./config.ts";

/**
 * Reads `<folder>/<part>/model.onnx` with its external data.
 * @throws {ModelFolderError} if a file is missing.
 * @throws {UnsupportedGraphError} if it is not a usable ONNX model.
 */
export function readGraph(folder: string, part: string): OnnxFile {
  const path = join(folder, part, "model.onnx");
  const file = parseOnnx(readBytes(path));
  const locations = new Set(
    file.graph.initializer.flatMap((t) => t.externalData.filter((e) => e.key === "location").map((e) => e.value ?? "")),
  );
  const external: ExternalWeights[] = [...locations].map((location) => {
    // The specification allows no way out of the model's folder. Links are followed: download caches are made of them.
    if (location === "" || isAbsolute(location) || location.split(/[\\/]/).includes("..")) {
      throw new ModelFolderError(path, `its weights point outside the folder, to "${location}"`);
    }
    return { location, bytes: readBytes(join(dirname(path), location)) };
  });
  return { ...file, external };
}

/** Bytes of a part's files together, its weights among them. */
export function graphBytes(folder: string, part: string): number {
  const files = [...Deno.readDirSync(join(folder, part))].map(({ name }) => join(folder, part, name));
  return files.reduce((sum, file) => sum + Deno.statSync(file).size, 0);
}

function readBytes(path: string): Uint8Array {
  try {
    // Not Deno.readFileSync: it grows its buffer as it reads, which takes twice the memory and five times as long.
    using file = Deno.openSync(path);
    const bytes = new Uint8Array(file.statSync().size);
    for (let end = 0; end < bytes.length;) {
      const read = file.readSync(bytes.subarray(end));
      if (read === null) throw new Error(`it ends after ${end} of ${bytes.length} bytes`);
      end += read;
    }
    return bytes;
  } catch (error) {
    const missing = error instanceof Deno.errors.NotFound;
    throw new ModelFolderError(path, missing ? "the file is missing" : `it cannot be read: ${error}`);
  }
}
