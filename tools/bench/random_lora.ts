/** A LoRA of random numbers for a model, written to a file: time does not depend on values. */

import { join } from "node:path";
import { LoraLibrary, type UsableLora } from "../../compute/lora/lora_library.ts";
import { ModelLayers } from "../../compute/lora/model_layers.ts";
import type { DiffusionModel } from "../../compute/model/model.ts";

/** What people's LoRAs mostly have. */
const RANK = 16;

/** A LoRA of every linear layer around attention and in the text encoders. */
export async function randomLora({ config, capabilities: { family } }: DiffusionModel): Promise<UsableLora> {
  const layers = new ModelLayers(config);
  const header: Record<string, unknown> = {};
  let length = 0;
  const tensor = (name: string, shape: readonly number[]) => {
    const from = length;
    length += 4 * shape.reduce((product, d) => product * d, 1);
    header[name] = { dtype: "F32", shape, data_offsets: [from, length] };
  };
  for (const part of ["unet", ...config.textEncoders.map((encoder) => encoder.part)] as const) {
    for (const { path, shape: [out = 0, width = 0] } of layers.of(part).values()) {
      if (part === "unet" && !path.includes(".attentions.")) continue;
      tensor(`${part}.${path}.lora_A.weight`, [RANK, width]);
      tensor(`${part}.${path}.lora_B.weight`, [out, RANK]);
    }
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const file = new Uint8Array(8 + json.length + length);
  const view = new DataView(file.buffer);
  view.setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  for (let at = 8 + json.length; at < file.length; at += 4) view.setFloat32(at, 0.02 * (Math.random() - 0.5), true);
  const folder = await Deno.makeTempDir({ prefix: "parterre-bench-" });
  await Deno.writeFile(join(folder, "random.safetensors"), file);
  return new LoraLibrary(folder).find("random", { config, family });
}
