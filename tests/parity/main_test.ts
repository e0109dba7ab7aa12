/** `deno task parity`, from its command line. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { WITHOUT_WEBGPU } from "../conformance/webgpu.ts";

const FIXTURES = fileURLToPath(new URL("../fixtures", import.meta.url));

async function parity(...args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "parity", ...args],
    env: { NO_COLOR: "1" },
  }).output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

Deno.test("parity compares on WASM, says so, and counts", async () => {
  const { code, out, err } = await parity(FIXTURES, "tiny-turbo");
  assert.equal(code, 0, err);
  assert.match(out, /^wasm, onnxruntime-web \d+\.\d+\.\d+\n/);
  assert.match(out, /^ok {6}tiny-turbo\/steps\/r2-columns: max error \d\.\de-\d, tolerance 0\.0001$/m);
  assert.match(out, /\n14 passed, 0 failed\n$/);
});

Deno.test("models may lie elsewhere than beside their reference runs", async () => {
  using dir = { path: Deno.makeTempDirSync(), [Symbol.dispose]: () => Deno.removeSync(dir.path, { recursive: true }) };
  Deno.symlinkSync(`${FIXTURES}/oracle`, `${dir.path}/oracle`);
  const { code, out, err } = await parity("--models", `${FIXTURES}/models`, dir.path, "tiny-turbo");
  assert.equal(code, 0, out + err);
  assert.match(out, /\n14 passed, 0 failed\n$/);
});

if (WITHOUT_WEBGPU !== undefined) console.log(`Left out: parity on WebGPU (${WITHOUT_WEBGPU})`);

Deno.test("parity compares on the provider that is named", { ignore: WITHOUT_WEBGPU !== undefined }, async () => {
  const { code, out, err } = await parity("--provider", "webgpu", FIXTURES, "tiny-turbo");
  assert.equal(code, 0, out + err);
  assert.match(out, /^webgpu, onnxruntime-web \d+\.\d+\.\d+, \S/);
  assert.match(out, /^ok {6}tiny-turbo\/steps\/r2-columns: max error \d\.\de-\d, tolerance 0\.0015$/m);
  assert.match(out, /\n14 passed, 0 failed\n$/);
});

Deno.test("what cannot be compared at all is refused with the usage, and a failed comparison is told by the exit code", async () => {
  for (
    const [args, message] of [
      [[], /^Cannot compare: no DIR was named\n/],
      [["--provider", "cuda", FIXTURES], /^Cannot compute with "cuda": the providers are auto, webgpu, wasm, native\n/],
      [["--provider", "native", FIXTURES], /^Cannot compute with "native": /], // its task may not load machine code
      [["--fast", FIXTURES], /--fast/],
    ] as const
  ) {
    const { code, err } = await parity(...args);
    assert.equal(code, 2);
    assert.match(err, message);
    assert.match(err, /usage: deno task parity/);
  }
  assert.equal((await parity(FIXTURES, "nowhere")).code, 1);
});
