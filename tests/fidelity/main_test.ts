/** `deno task fidelity`, run from its command line; and the shares that it makes of what was judged. */

import assert from "node:assert/strict";
import { figures } from "../../tools/fidelity/figures.ts";
import { askedLayout } from "../../tools/fidelity/layouts.ts";
import type { JudgedPicture, Way } from "../../tools/fidelity/measure.ts";

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
  const ways = ["attention mode", "latent mode", "one plain prompt"];
  const shares = [
    ...ways.map((way) => `regions with their background, ${way}`),
    ...[...ways, "attention mode, a LoRA in one"].map((way) => `regions with their object, ${way}`),
  ];
  const casts = ["it", "the others"].map((where) => `violet cast that a LoRA in one region gives to ${where}`);
  assert.deepEqual(figures.map(({ name }: { name: string }) => name), [...shares, ...casts]);
  for (const figure of figures.slice(0, shares.length)) {
    assert.deepEqual(Object.keys(figure), ["name", "value", "unit", "goal", "better"]);
    assert.ok([0, 25, 50, 75, 100].includes(figure.value), JSON.stringify(figure));
    assert.equal(figure.unit, "% of 4");
    assert.equal(figure.better, "higher");
  }
  assert.deepEqual(figures.map(({ goal }: { goal: number | null }) => goal), [
    null,
    null,
    null,
    85,
    null,
    null,
    95,
    null,
    2,
  ]);
  const [own, others] = figures.slice(-2);
  assert.ok(own.value > 2 * others.value, JSON.stringify([own, others]));
  assert.equal(err.match(/^layout 0, (attention|latent|plain|lora): /gm)?.length, 4);
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

const NAMES = { object: ["a", "b", "c", "d"], background: ["e", "f", "g", "h"], style: ["i"], effect: ["j"] };

/** A picture of which the first regions show their object or background; casts are 0 by default. */
function judged(way: Way, seed: number, objects: number, backgrounds: number, casts = [0, 0, 0, 0]): JudgedPicture {
  const regions = casts.map((cast, r) => ({ object: r < objects, background: r < backgrounds, cast }));
  return { way, asked: askedLayout(NAMES, seed), regions };
}

Deno.test("shares count regions of their own way of painting alone", () => {
  const pictures = [
    judged("attention", 0, 3, 4),
    judged("latent", 0, 0, 1),
    judged("plain", 0, 0, 0),
    judged("lora", 0, 4, 0),
    judged("attention", 1, 0, 4),
    judged("latent", 1, 1, 1),
    judged("plain", 1, 0, 1),
    judged("lora", 1, 3, 0),
  ];
  const shares = figures(pictures).slice(0, 7);
  assert.deepEqual(shares.map(({ value }) => value), [100, 25, 12.5, 37.5, 12.5, 0, 87.5]);
  assert.deepEqual(new Set(shares.map(({ unit }) => unit)), new Set(["% of 8"]));
  assert.throws(() => figures(pictures.slice(0, 2)), /Cannot take shares of no regions in one plain prompt/);
});

Deno.test("a LoRA's casts are compared with the same layout's without it, and others count by amount", () => {
  const others = (["latent", "plain"] as const).map((way) => judged(way, 0, 0, 0));
  const pictures = [
    ...others,
    judged("attention", 0, 0, 0, [10, 0, 0, 0]),
    judged("lora", 0, 0, 0, [61, 51, 0, -51]), // the first region has it
    judged("attention", 1, 0, 0, [0, 0, 0, 0]),
    judged("lora", 1, 0, 0, [0, 153, 0, 0]), // the second
  ];
  const casts = figures(pictures).slice(-2);
  assert.deepEqual(casts.map(({ value }) => Number(value.toFixed(6))), [40, Number((40 / 6).toFixed(6))]);
  assert.deepEqual(casts.map(({ unit }) => unit), ["% of 255, 2 regions", "% of 255, 6 regions"]);
  assert.throws(
    () => figures(pictures.filter(({ way, asked }) => way !== "attention" || asked.seed === 0)),
    /Cannot compare layout 1 with itself without the LoRA/,
  );
});
