/** LoRAs: what they add to a step, and what they take once. */

import { dirname } from "node:path";
import { figure, type Row } from "../figure.ts";
import type { BenchOptions } from "../options.ts";
import { randomLora } from "../random_lora.ts";
import { balancedRatio, repeated, summarize } from "../statistics.ts";
import { EDGES, Subject } from "../subject.ts";

/** The most that a step may take, in steps without the LoRA. */
const GOAL = 1.02;

/** Two regions, one of them with a LoRA; and a plain picture with it. */
export async function* lora({ quick, repeats }: BenchOptions): AsyncGenerator<Row, void, undefined> {
  await using subject = await Subject.load();
  const { model } = subject;
  model.parts.spare = Infinity; // both sides of a ratio are in memory
  const random = await randomLora(model);
  try {
    const applied = [{ lora: random, weight: 0.8 }];
    const since = performance.now();
    const whole = await model.unet(applied);
    const mergeMs = performance.now() - since;
    const weighted = await model.unet([], [random]);
    for (const edge of quick ? EDGES.slice(0, 1) : EDGES) {
      const layout = { edge, regions: 2, baseRatio: 0.2 };
      const without = subject.loop(layout);
      const sides = {
        "in a region, CONTEXT_ONLY": subject.loop({ ...layout, loras: applied }),
        "in a region, WEIGHTED": subject.loop({ ...layout, loras: applied, unet: weighted }),
        "of the whole picture": subject.loop({ ...layout, unet: whole }),
      };
      for (const [name, side] of Object.entries(sides)) {
        yield figure(`step, a LoRA ${name}, ${edge} px`, await balancedRatio(side.step, without.step, 2 * repeats), {
          unit: "x without",
          goal: name.endsWith("WEIGHTED") ? null : GOAL,
        });
      }
      const once = async () => {
        const { step } = subject.loop({ ...layout, loras: applied });
        const first = await step();
        return first - await step();
      };
      yield figure(`per generation, a LoRA in a region, ${edge} px`, summarize(await repeated(once, repeats)), {
        unit: "ms",
      });
    }
    yield figure("merging a LoRA into the UNet, once", summarize([mergeMs]), { unit: "ms" });
  } finally {
    await Deno.remove(dirname(random.path), { recursive: true });
  }
}
