/** Reading a part's `model.onnx` and the data files that it names. */

import { fileInfo, isMissing, readBytes as readFile } from "#host/files.ts";
import { dirname, isAbsolute, join } from "node:path";
import type { TensorProto } from "onnx-buf";
import { type ExternalWeights, type OnnxFile, parseOnnx } from "../graph/onnx_file.ts";
import { ModelFolderError } from "./config.ts";
import { ModelChangedError } from "./model_changed.ts";

/**
 * Reads `<folder>/<part>/model.onnx`. Its external data are read when their bytes are first asked for: a look at a graph
 * needs none of the gigabytes.
 * @throws {ModelFolderError} if a file is missing, or ends before its weights do.
 * @throws {UnsupportedGraphError} if it is not a usable ONNX model.
 */
export function readGraph(folder: string, part: string): OnnxFile {
  const path = join(folder, part, "model.onnx");
  const file = parseOnnx(readBytes(path));
  const external = [...endsOf(file.graph.initializer)].map(([location, end]) => {
    // The specification allows no way out of the model's folder. Links are followed: download caches are made of them.
    if (location === "" || isAbsolute(location) || location.split(/[\\/]/).includes("..")) {
      throw new ModelFolderError(path, `its weights point outside the folder, to "${location}"`);
    }
    return new DataFile(location, join(dirname(path), location), end);
  });
  return { ...file, external };
}

/** How far into each data file, by its location, the weights go. */
function endsOf(tensors: readonly TensorProto[]): ReadonlyMap<string, number> {
  const ends = new Map<string, number>();
  for (const { externalData } of tensors) {
    const entry = (key: string) => externalData.find((e) => e.key === key)?.value;
    if (!externalData.some(({ key }) => key === "location")) continue;
    const location = entry("location") ?? "";
    const end = Number(entry("offset") ?? 0) + Number(entry("length") ?? 0);
    ends.set(location, Math.max(end, ends.get(location) ?? 0));
  }
  return ends;
}

/** A data file beside a graph, and the state that it was found in. */
class DataFile implements ExternalWeights {
  readonly size: number;
  readonly #time: number;
  #bytes: Uint8Array | undefined;

  constructor(readonly location: string, private readonly path: string, end: number) {
    const { size, time } = orRefuse(path, () => fileInfo(path));
    if (size < end) throw new ModelFolderError(path, `it ends after ${size} bytes, and its weights after ${end}`);
    this.size = size;
    this.#time = time;
  }

  get bytes(): Uint8Array {
    return this.#bytes ??= this.#read();
  }

  #read(): Uint8Array {
    const bytes = readBytes(this.path);
    const { size, time } = orRefuse(this.path, () => fileInfo(this.path));
    if (size !== this.size || time !== this.#time) throw new ModelChangedError(this.path);
    return bytes;
  }
}

function readBytes(path: string): Uint8Array {
  return orRefuse(path, () => readFile(path));
}

/** @throws {ModelFolderError} in place of what the system says. */
function orRefuse<T>(path: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw new ModelFolderError(path, isMissing(error) ? "the file is missing" : `it cannot be read: ${error}`);
  }
}
