/**
 * Runs the conformance suite over onnxruntime-node in a process with a lockfile of its own: the package is no part of
 * the project's, since Deno would fetch it for everybody.
 */

import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What the package brings machine code for. */
const PREBUILT = ["linux-x86_64", "linux-aarch64", "darwin-aarch64", "windows-x86_64", "windows-aarch64"];

const machine = `${Deno.build.os}-${Deno.build.arch}`;
const without = Deno.env.get("PARTERRE_TEST_WITHOUT_NATIVE") === "1"
  ? "PARTERRE_TEST_WITHOUT_NATIVE=1"
  : PREBUILT.includes(machine)
  ? undefined
  : `onnxruntime-node has no machine code for ${machine}`;
if (without !== undefined) console.log(`Left out: the conformance suite over native (${without})`);

Deno.test("native runtime: it passes the conformance suite", { ignore: without !== undefined }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "parterre-native-"));
  try {
    const lock = join(folder, "deno.lock");
    await copyFile(new URL("../../deno.lock", import.meta.url), lock);
    const suite = fileURLToPath(new URL("./native_runtime.ts", import.meta.url));
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "--allow-all", "--no-check", `--lock=${lock}`, suite],
      env: { NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder().decode(stdout);
    assert.equal(code, 0, `${text}\n${new TextDecoder().decode(stderr)}`);
    assert.match(text, /ok \| 14 passed \| 0 failed/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
