/** The measures of re-rolls, on pictures whose numbers are known. */

import assert from "node:assert/strict";
import { borderEnergy } from "../../tools/fidelity/border.ts";
import { changeOf } from "../../tools/fidelity/change.ts";
import { askedLayout, sceneOf } from "../../tools/fidelity/layouts.ts";
import type { RerolledScene } from "../../tools/fidelity/reroll.ts";
import { rerollFigures } from "../../tools/fidelity/reroll_figures.ts";
import { NormalNoise } from "../../compute/pipeline/normal_noise.ts";

/** A grey picture of 64 x 64 pixels. */
function grey(value: (x: number, y: number) => number) {
  const data = new Uint8Array(64 * 64 * 3);
  for (let i = 0; i < 64 * 64; i++) data.fill(value(i % 64, Math.floor(i / 64)), i * 3, i * 3 + 3);
  return { width: 64, height: 64, data };
}

const noise = new NormalNoise(5).draw(64 * 64);
const rough = (x: number, y: number) => 100 + 10 * (noise[y * 64 + x] ?? NaN);

Deno.test("change is told apart by the box", () => {
  const before = grey(() => 10);
  const after = grey((x, y) => x < 16 && y < 32 ? 18 : x === 63 ? 6 : 10);
  assert.deepEqual(changeOf(before, after, [0, 0, 16, 32]), { inside: 8, outside: 4 * 64 / (64 * 64 - 16 * 32) });
  assert.deepEqual(changeOf(before, before, [0, 0, 16, 32]), { inside: 0, outside: 0 });
  assert.throws(() => changeOf(before, after, [0, 0, 64, 64]), /Cannot compare/);
  assert.throws(() => changeOf(before, { ...after, width: 32 }, [0, 0, 16, 32]), /Cannot compare 32 x 64/);
});

Deno.test("a border that is not there has the energy of the inside, a step has more, soft or hard", () => {
  const box = [16, 0, 48, 64] as const;
  const none = borderEnergy(grey(rough), box);
  assert.ok(none > 0.85 && none < 1.15, `${none}`);
  const step = (x: number) => x < 16 || x >= 48 ? 40 : 0;
  const hard = borderEnergy(grey((x, y) => rough(x, y) + step(x)), box);
  assert.ok(hard > 3, `${hard}`);
  // Over 8 pixels, no neighbours of which differ by more than noise does.
  const ramp = (x: number) => 40 * Math.min(1, Math.max(0, (20 - x) / 8, (x - 43) / 8));
  const soft = borderEnergy(grey((x, y) => rough(x, y) + ramp(x)), box);
  assert.ok(soft > 2, `${soft}`);
  assert.throws(() => borderEnergy(grey(rough), [0, 0, 64, 64]), /Cannot look for a border/);
});

Deno.test("figures are means over all pictures of one kind, the border's its highest", () => {
  const picture = grey(() => 0);
  const scene = (lockRest: boolean, inside: number, border: number, shown: boolean, leaked: number): RerolledScene => ({
    ...{ seed: 0, before: picture, after: picture },
    ...{ lockRest, change: { inside, outside: 2 }, border, shown, leaked },
  });
  const scenes = [scene(true, 30, 0.5, true, 0), scene(false, 4, 2, true, 3), scene(true, 10, 0.7, false, 1)];
  const told = rerollFigures(scenes).map(({ value, goal, better }) => [value, goal, better]);
  assert.deepEqual(told, [
    ...[[10, 10, "higher"], [0.7, 1.2, "lower"], [50, 95, "higher"], [100 / 6, 2, "lower"]],
    ...[[2, 4, "higher"], [2, 1.2, "lower"], [100, 95, "higher"], [100, 2, "lower"]],
  ]);
  assert.throws(() => rerollFigures(scenes.slice(0, 1)), /no pictures/);
});

Deno.test("a scene has every object of its layout, and one background", () => {
  const names = { object: ["a", "b", "c", "d"], background: ["e", "f", "g", "h"], style: ["i"], effect: ["j"] };
  const asked = askedLayout(names, 0);
  const background = asked.regions[0]?.background;
  assert.deepEqual(
    sceneOf(asked).regions.map(({ prompt, geometry }) => ({ prompt, geometry })),
    asked.regional.regions.map(({ prompt, geometry }, r) => ({
      prompt: prompt.replace(`, ${asked.regions[r]?.background},`, `, ${background},`),
      geometry,
    })),
  );
});
