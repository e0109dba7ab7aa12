import { DiffusionModel } from "./compute/model/model.ts";
import { createWasmRuntime } from "./compute/runtime/wasm.ts";
import { Pipeline } from "./compute/pipeline/generate.ts";
import { resolveLayout } from "./layout/resolve/resolve.ts";
import { encodeImage } from "./image/encode.ts";
const rt = createWasmRuntime({ threads: 2, reason: "t" });
const name = Deno.args[0]!; const steps = Number(Deno.args[1]); const g = Number(Deno.args[2]);
const cases = JSON.parse(Deno.readTextFileSync(Deno.args[3]!));
const out = Deno.args[4]!; Deno.mkdirSync(out, { recursive: true });
const model = new DiffusionModel(rt, `models/${name}`, name);
const p = new Pipeline(model);
for (const [i, c] of cases.entries()) for (const mode of (c.modes ?? ["attention"])) for (const seed of (c.seeds ?? [1])) {
  const r = resolveLayout(c.layout, { maxRegions: 16 });
  if ("problems" in r) { console.log(r.problems.map(String)); continue; }
  const t0 = performance.now();
  for await (const o of p.generate({ model: name, layout: r.layout, width: c.width ?? 256, height: c.height ?? 256, steps, sampler: c.sampler ?? (name.includes("lcm") ? "lcm" : "ddim"), schedule: "model", guidanceScale: g, guidanceStart: 0, guidanceEnd: 1, previews: "linear", seed, mode, format: "PNG" })) {
    if (o.type === "STEP" && o.regionMasks) for (const [k, m] of o.regionMasks.entries()) { Deno.writeFileSync(`${out}/${i}-${mode}-${seed}-m${k}.png`, await encodeImage({ width: m.image.width, height: m.image.height, channels: 4, data: m.image.data as Uint8Array<ArrayBuffer> }, "PNG")); console.log(i, mode, seed, m.region, m.words, "at", o.step, (m.image.data.filter((v, j) => j % 4 === 0 && v > 0).length / (m.image.width * m.image.height)).toFixed(3)); }
    if (o.type === "IMAGE") Deno.writeFileSync(`${out}/${i}-${mode}-${seed}.png`, await encodeImage({ ...o.image, channels: 3 }, "PNG"));
  }
  console.log(i, mode, seed, Math.round(performance.now() - t0), "ms");
}
