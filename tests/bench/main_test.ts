/** The bench, run from its command line. */

import { strict as assert } from "node:assert";
import { findAdapter } from "../../compute/runtime/gpu_adapter.ts";

const MAIN = new URL("../../tools/bench/main.ts", import.meta.url).pathname;

async function bench(...args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", MAIN, ...args],
  }).output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

Deno.test("bench --quick --json --only attention gives figures of the promised shape", async () => {
  const { code, out, err } = await bench("--quick", "--json", "--repeats", "1", "--only", "attention");
  assert.equal(code, 0, err);
  const { figures } = JSON.parse(out);
  assert.equal(figures.length, 11, "a plain step, and five region counts with and without base");
  for (const figure of figures) {
    assert.deepEqual(Object.keys(figure), ["name", "value", "unit", "goal", "better"]);
    assert.ok(Number.isFinite(figure.value) && figure.value > 0, JSON.stringify(figure));
    assert.ok(figure.goal === null || typeof figure.goal === "number");
    assert.match(figure.better, /^(lower|higher)$/);
  }
  const goalOf = (name: string) => figures.find((figure: { name: string }) => figure.name === name)?.goal;
  assert.equal(goalOf("attention step, R = 8, no base, 256 px"), 1.05);
  assert.equal(goalOf("attention step, R = 16, no base, 256 px"), 1.08);
  assert.equal(goalOf("attention step, R = 8, base 0.2, 256 px"), 1.12);
});

Deno.test("a peer that was not asked is a row of the table and no figure", async () => {
  const table = await bench("--only", "peer");
  assert.equal(table.code, 0, table.err);
  assert.match(table.out, /^peer: PyTorch and diffusers +- {2}not asked; see --peer$/m);
  assert.deepEqual(JSON.parse((await bench("--json", "--only", "peer")).out), { figures: [] });
});

Deno.test("webgpu is measured on a GPU, and beside a program that plays one it is a row that says so", {
  ignore: await findAdapter(false).then(() => true, () => false),
}, async () => {
  const { code, out, err } = await bench("--only", "webgpu");
  assert.equal(code, 0, err);
  assert.match(out, /^webgpu step +- {2}(the adapter is software, slower than WASM|there is no adapter): .+$/m);
});

Deno.test("options that make no sense are refused with the usage", async () => {
  for (
    const [args, message] of [
      [["--only", "everything"], /Cannot measure "everything": the groups are attention, /],
      [["--repeats", "0"], /Cannot repeat "0" times/],
      [["--repeats", "many"], /Cannot repeat "many" times/],
      [["--fast"], /--fast/],
    ] as const
  ) {
    const { code, err } = await bench(...args);
    assert.equal(code, 2);
    assert.match(err, message);
    assert.match(err, /usage: deno task bench/);
  }
});
