/** The judge against Python's, on a held-out scene of four cells: the same windows, crops, logits and verdicts. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { RgbImage } from "../../compute/pipeline/rgb_image.ts";
import { createWasmRuntime } from "../../compute/runtime/wasm.ts";
import { crop } from "../../tools/fidelity/crop.ts";
import { Judge } from "../../tools/fidelity/judge.ts";
import type { Sighting } from "../../tools/fidelity/verdict.ts";
import { type Box, windows } from "../../tools/fidelity/windows.ts";
import { decodePng } from "../../image/png.ts";
import { readReferenceJson, readSafetensors } from "../../tools/parity/reference.ts";

/** What storing weights as float16 may change in logits that reach 12; it changes them by 0.005. */
const LOGITS = 0.01;

/** What that changes in probabilities. */
const PROBABILITIES = 0.002;

interface CellReference {
  readonly box: Box;
  readonly shows: { readonly object: string | null; readonly background: string };
  readonly ranked: readonly string[];
  readonly surest: readonly Sighting[];
  readonly background: string;
  /** SHA-256 of each crop's bytes. */
  readonly crops: readonly string[];
}

const at = (name: string) => new URL(name, import.meta.url).pathname;
const { cells } = readReferenceJson<{ readonly cells: readonly CellReference[] }>(at("reference.json"));
const tensors = readSafetensors(at("reference.safetensors"));
const scene = readScene();

function readScene(): RgbImage {
  const { width, height, data } = decodePng(Deno.readFileSync(at("scene.png"))).pixels;
  return { width, height, data: new Uint8Array(data) };
}

/** The rows of a tensor of cell `i`. */
function rowsOf(i: number, key: string): readonly Float32Array[] {
  const { dims: [count = 0, length = 0], data } = tensors.get(`${i}/${key}`) ?? assert.fail(`no ${i}/${key}`);
  return Array.from({ length: count }, (_, n) => data.subarray(n * length, (n + 1) * length));
}

const boxesOf = (i: number, key: string) => rowsOf(i, key).map((row): Box => [...row] as unknown as Box);
const cropsOf = (i: number) => boxesOf(i, "crops").map((box) => crop(scene, box, 64));

Deno.test("windows stand where Python's stand", () => {
  cells.forEach(({ box }, i) => assert.deepEqual(windows(box), boxesOf(i, "windows")));
});

Deno.test("crops are Pillow's, byte for byte, enlarged and shrunk, square and not", () => {
  cells.forEach(({ crops }, i) =>
    assert.deepEqual(cropsOf(i).map((bytes) => createHash("sha256").update(bytes).digest("hex")), crops)
  );
});

Deno.test("a crop beyond the picture is refused", () => {
  assert.throws(() => crop(scene, [200, 0, 257, 50], 64), /Cannot cut \[200,0,257,50\] out of a picture of 256 x 256/);
});

Deno.test("the judge agrees with Python", async (t) => {
  await using judge = await Judge.load(createWasmRuntime({ threads: 1, reason: "tests run on WASM" }));

  await t.step("on every logit of every head", async () => {
    for (let i = 0; i < cells.length; i++) {
      const logits = await judge.logits(cropsOf(i));
      for (const head of ["object", "background", "style", "effect"] as const) {
        const expected = rowsOf(i, head);
        assert.equal(logits[head].length, expected.length);
        logits[head].forEach((row, n) => {
          assert.equal(row.length, judge.names[head].length);
          row.forEach((logit, k) => {
            const difference = Math.abs(logit - (expected[n]?.[k] ?? NaN));
            assert.ok(difference <= LOGITS, `cell ${i}, crop ${n}, ${head} ${k}: ${difference}`);
          });
        });
      }
    }
  });

  await t.step("on what each cell shows, and both are right", async () => {
    for (const { box, shows, ranked, surest, background } of cells) {
      const seen = await judge.look(scene, box);
      assert.equal(seen.object, ranked[0] ?? null);
      assert.equal(seen.background, background);
      assert.deepEqual({ object: seen.object, background: seen.background }, shows);
      surest.forEach(({ name, score }, k) => {
        assert.equal(seen.sightings[k]?.name, name);
        const difference = Math.abs((seen.sightings[k]?.score ?? NaN) - score);
        assert.ok(difference <= PROBABILITIES, `${name}: ${difference}`);
      });
    }
  });
});
