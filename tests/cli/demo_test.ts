/** The demo, run as a new user runs it. */

import { strict as assert } from "node:assert";
import { join } from "node:path";
import { decodePng } from "../../image/png.ts";

Deno.test("deno task demo paints three regions and leaves its files", async () => {
  const out = Deno.makeTempDirSync({ prefix: "parterre-demo-test-" });
  try {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "demo", "--out", out],
    }).output();
    const text = new TextDecoder().decode(stdout);
    assert.equal(code, 0, text + new TextDecoder().decode(stderr));
    assert.match(text, /\[#+\] 4\/4 {2}ETA 0\.0 s {2}4 previews/);
    assert.ok(text.includes(`are in ${out}`));
    const names = [...Deno.readDirSync(out)].map(({ name }) => name).sort();
    const previews = Array.from({ length: 4 }, (_, i) => `preview-${String(i + 1).padStart(2, "0")}.png`);
    assert.deepEqual(names, ["layout.png", "picture.png", ...previews, "side-by-side.png"].sort());

    const { pixels: picture } = decodePng(Deno.readFileSync(join(out, "picture.png")));
    const mean = (x0: number, x1: number, y0: number, y1: number) => {
      const sums = [0, 0, 0];
      for (let y = y0; y < y1; y++) {
        for (let x = x0; x < x1; x++) {
          for (let c = 0; c < 3; c++) sums[c] = (sums[c] ?? 0) + (picture.data[(y * picture.width + x) * 3 + c] ?? 0);
        }
      }
      return sums.map((sum) => sum / ((x1 - x0) * (y1 - y0))) as [number, number, number];
    };
    assert.deepEqual([picture.width, picture.height], [768, 256]);
    const ocean = mean(16, 240, 160, 250);
    const forest = mean(272, 496, 200, 250);
    const space = mean(528, 752, 8, 240);
    assert.ok(ocean[2] > ocean[0] + 30, `the ocean is blue: ${ocean}`);
    assert.ok(forest[1] > forest[0] + 15 && forest[1] > forest[2], `the forest is green: ${forest}`);
    assert.ok(Math.max(...space) < 110, `space is dark: ${space}`);
  } finally {
    Deno.removeSync(out, { recursive: true });
  }
});
