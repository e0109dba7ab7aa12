/** The UNets of the fixtures and of the embedded model, as graphs and as loaded denoisers. */

import { fileURLToPath } from "node:url";
import type { OnnxFile } from "../../../compute/graph/onnx_file.ts";
import { readGraph } from "../../../compute/model/graph_file.ts";
import { createWasmRuntime } from "../../../compute/runtime/wasm.ts";
import { ParityModels } from "../../../tools/parity/models.ts";

/** Holds one folder per fixture model. */
export const MODELS = fileURLToPath(new URL("../../fixtures/models", import.meta.url));

/** Reference tensors and documents of the fixtures. */
export const ORACLE = fileURLToPath(new URL("../../fixtures/oracle", import.meta.url));

/** A fresh parse of a fixture's UNet. */
export function unetGraph(model: string): OnnxFile {
  return readGraph(`${MODELS}/${model}`, "unet");
}

/** The fixtures' models on WASM; the caller releases them. */
export function fixtureModels(): ParityModels {
  return new ParityModels(createWasmRuntime({ threads: 1, reason: "tests run on WASM" }), MODELS);
}
