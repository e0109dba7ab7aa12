/** `deno task fidelity`, run from its command line; and the shares that it makes of what was judged. */

import assert from "node:assert/strict";
import { figures } from "../../tools/fidelity/figures.ts";
import { askedLayout } from "../../tools/fidelity/layouts.ts";
import { type JudgedPicture, type Way, WAYS } from "../../tools/fidelity/measure.ts";

const MAIN = new URL("../../tools/fidelity/main.ts", import.meta.url).pathname;

async function fidelity(...args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-read", "--allow-env", "--allow-sys", MAIN, ...args],
  }).output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

Deno.test("one layout in two steps gives figures of the promised shape", async () => {
  const { code, out, err } = await fidelity("--layouts", "1", "--steps", "2", "--json");
  assert.equal(code, 0, err);
  const { figures } = JSON.parse(out);
  const names = ["background", "object"].flatMap((what) =>
    ["attention mode", "latent mode", "one plain prompt"].map((way) => `regions with their ${what}, ${way}`)
  );
  assert.deepEqual(figures.map(({ name }: { name: string }) => name), names);
  for (const figure of figures) {
    assert.deepEqual(Object.keys(figure), ["name", "value", "unit", "goal", "better"]);
    assert.ok([0, 25, 50, 75, 100].includes(figure.value), JSON.stringify(figure));
    assert.equal(figure.unit, "% of 4");
    assert.equal(figure.better, "higher");
  }
  assert.deepEqual(figures.map(({ goal }: { goal: number | null }) => goal), [null, null, null, 85, null, null]);
  assert.equal(err.match(/^layout 0, (attention|latent|plain): /gm)?.length, 3);
});

Deno.test("options that make no sense are refused with the usage", async () => {
  for (
    const [args, message] of [
      [["--layouts", "0"], /Cannot paint "0" layouts: it must be a whole number from 1/],
      [["--steps", "1.5"], /Cannot paint "1.5" steps/],
      [["--model", "sdxl"], /Cannot judge the model "sdxl": it must be one of beds-256/],
      [["--fast"], /--fast/],
      [["reroll", "twice"], /Cannot measure "reroll twice": it must be reroll, or nothing/],
    ] as const
  ) {
    const { code, err } = await fidelity(...args);
    assert.equal(code, 2);
    assert.match(err, message);
    assert.match(err, /usage: deno task fidelity/);
  }
});

Deno.test("shares count regions of their own way of painting alone", () => {
  const names = { object: ["a", "b", "c", "d"], background: ["e", "f", "g", "h"], style: ["i"], effect: ["j"] };
  const asked = askedLayout(names, 0);
  const picture = (way: Way, object: number, background: number): JudgedPicture => ({
    way,
    asked,
    regions: [0, 1, 2, 3].map((r) => ({ object: r < object, background: r < background })),
  });
  const pictures = [
    picture("attention", 3, 4),
    picture("latent", 0, 1),
    picture("plain", 0, 0),
    picture("attention", 0, 4),
    picture("latent", 1, 1),
    picture("plain", 0, 1),
  ];
  assert.deepEqual(figures(pictures).map(({ value }) => value), [100, 25, 12.5, 37.5, 12.5, 0]);
  assert.deepEqual(new Set(figures(pictures).map(({ unit }) => unit)), new Set(["% of 8"]));
  assert.equal(WAYS.length, 3);
  assert.throws(() => figures(pictures.slice(0, 2)), /Cannot take shares of no regions in one plain prompt/);
});
