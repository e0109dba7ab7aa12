/** `deno task preview-map FOLDER...`: writes the preview map of model folders into them, so that no start has to fit it. */

import { copyFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { DiffusionModel } from "../compute/model/model.ts";
import { fitPreviewMap } from "../compute/pipeline/preview.ts";
import { PREVIEW_MAP_FILE } from "../compute/model/model_stamps.ts";
import { PreviewMaps } from "../compute/pipeline/preview_maps.ts";
import { createWasmRuntime } from "../compute/runtime/wasm.ts";

if (Deno.args.length === 0) {
  console.error("Give one or more model folders");
  Deno.exit(2);
}
const runtime = createWasmRuntime({ threads: navigator.hardwareConcurrency, reason: "maps are fitted on it" });
for (const folder of Deno.args.map((path) => resolve(path))) {
  const model = new DiffusionModel(runtime, folder, basename(folder));
  const map = await fitPreviewMap(await model.vaeDecoder(), model.config.latents.channels);
  const kept = Deno.makeTempDirSync();
  new PreviewMaps(kept).keep(model, map);
  for (const { name } of Deno.readDirSync(kept)) copyFileSync(join(kept, name), join(folder, PREVIEW_MAP_FILE));
  Deno.removeSync(kept, { recursive: true });
  await model.release();
  console.log(join(folder, PREVIEW_MAP_FILE));
}
Deno.exit(0); // the engine's threads would go on
