/** What the kernels keep, and what happens without them. */

import assert from "node:assert/strict";
import { compileWeightMaps } from "../../layout/weights/weight_maps.ts";
import { Arena, withKernels } from "../../wasm/memory.ts";
import { previewBytes } from "../../wasm/preview.ts";
import { resolveOrThrow } from "../layout/random_layout.ts";

const layout = resolveOrThrow({
  regions: [0.2, 0.5, 0.8].map((cx) => ({
    prompt: "a",
    feather: 0.03,
    geometry: { ellipse: { cx, cy: 0.5, rx: 0.2, ry: 0.4 } },
  })),
});

/** Bytes of a new module: a page. */
const NEW = 2 ** 16;

/** Bytes that are at hand when a call begins: those that the last one left, or a new module's. */
const kernelMemory = () => withKernels(({ kernels }) => kernels.memory.buffer.byteLength) ?? 0;

Deno.test("calls reuse the memory of those before them", () => {
  const compile = (edge: number) => compileWeightMaps(layout, { width: edge, height: edge, factor: 8 });
  const expected = compile(512).data;
  const held = kernelMemory();
  assert(held > NEW);
  for (let i = 0; i < 30; i++) {
    compile(200 + 8 * i);
    previewBytes(new Float32Array(4 * 64 * 64), new Float64Array(15), 64 * 64);
  }
  assert.deepEqual(compile(512).data, expected); // whatever the others left there
  assert.equal(kernelMemory(), held);
});

Deno.test("memory that an unusual call has taken is given up", () => {
  withKernels((arena) => arena.take(80 * 2 ** 20));
  assert.equal(kernelMemory(), NEW);
});

Deno.test("where memory cannot grow any more, the twin has to do it", () => {
  assert.equal(withKernels((arena) => arena.take(5 * 2 ** 30)), null);
});

Deno.test("addresses are aligned, apart and inside of the memory", () => {
  withKernels((arena: Arena) => {
    let end = 0;
    for (const bytes of [1, 7, 16, 100000, 3]) {
      const at = arena.take(bytes);
      assert(at % 16 === 0 && at >= end);
      end = at + bytes;
    }
    assert(end <= arena.kernels.memory.buffer.byteLength);
  });
});

Deno.test("an engine without SIMD compiles the same layouts by the twins", async () => {
  const module = new URL("../../", import.meta.url);
  const script = `
    WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError("no SIMD"); } };
    const { withKernels } = await import("${module}wasm/memory.ts");
    const { compileWeightMaps, exactWeightMaps, weightMapLevels } = await import("${module}layout/weights/weight_maps.ts");
    const { PreviewMap } = await import("${module}compute/pipeline/preview.ts");
    const layout = ${JSON.stringify(layout)}, size = { width: 64, height: 48, factor: 8 };
    const maps = compileWeightMaps(layout, size), exact = exactWeightMaps(layout, size);
    console.log(JSON.stringify([
      withKernels(() => 1),
      maps.data.every((weight, i) => weight === exact.data[i]),
      weightMapLevels(maps, 2)[1].data.length,
      [...new PreviewMap([[1, 0, 0], [0, 0, 0.5]]).render(Float32Array.of(1), 1, 1).data],
    ]));
  `;
  const { stdout, stderr } = await piped(script, module);
  const text = new TextDecoder().decode(stdout);
  assert.deepEqual(
    JSON.parse(text || "null"),
    [null, true, 4 * 3 * 4, [255, 128, 191]],
    new TextDecoder().decode(stderr),
  );
});

async function piped(script: string, module: URL): Promise<Deno.CommandOutput> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-read", "--allow-env", `--config=${new URL("deno.json", module).pathname}`, "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(script));
  await writer.close();
  return await child.output();
}
