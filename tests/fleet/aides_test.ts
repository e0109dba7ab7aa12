/** Pictures that several workers paint together are, byte for byte, those of one; whoever leaves in the middle. */

import assert from "node:assert/strict";
import type { GenerationEvent } from "../../jobs/events.ts";
import type { GenerationRequest } from "../../jobs/request.ts";
import { PLAIN_LAYOUT, PLAIN_REGION, type Region } from "../../layout/layout.ts";
import { requestFor } from "../jobs/requests.ts";
import { type Fellow, fellowship, models } from "./fellowship.ts";

const TINY = "tiny-sd15";

const half = (prompt: string, x: number): Region => {
  return { ...PLAIN_REGION, name: prompt, prompt, geometry: { kind: "RECTANGLE", x, y: 0, width: 0.5, height: 1 } };
};

/** Two predictions a call, in many steps: time enough for others to come. */
const GUIDED: GenerationRequest = { ...requestFor("a fox"), model: TINY, width: 64, height: 64, steps: 40 };

/** Windows of regions kept apart between predictions, in two passes: up to nine times three and nine. */
const WINDOWED: GenerationRequest = {
  ...GUIDED,
  layout: { ...PLAIN_LAYOUT, basePrompt: "a wood", regions: [half("a fox", 0), half("a bear", 0.5)] },
  mode: "latent",
  sampler: "dpmpp-2m-sde",
  steps: 6,
  windows: { size: 32, overlap: 16 },
  secondPass: { scale: 2, strength: 0.5, steps: 4, upscale: "latent" },
};

/** Pictures in steps that remember and draw noise. */
const FOUR: GenerationRequest = { ...GUIDED, count: 4, steps: 20, sampler: "dpmpp-2m-sde" };

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Completed steps, one after the other. */
const stepsOf = (events: readonly GenerationEvent[]) =>
  events.flatMap((event) => event.type === "PROGRESS" ? [event.step] : []);

Deno.test("pictures that workers paint together are those of one worker, whoever leaves", async (t) => {
  await using all = await fellowship();
  const { put, finished } = all;
  /** What is done at a step of the generation that is looked at. */
  let atStep = (_step: number) => {};
  let looked = "";
  const painter = await all.join({ place: 0, models: [TINY], onStep: (id, step) => id === looked && atStep(step) });
  const alone = new Map<GenerationRequest, readonly string[]>();
  for (const request of [GUIDED, WINDOWED, FOUR]) {
    const { files, workers } = await finished(await put(request));
    assert.equal(workers, 1);
    alone.set(request, files);
  }

  /**
   * Has a request painted until it came about as it should: a busy machine may bring others too late.
   * @param done Whether it did; default: others have helped.
   */
  const together = async (
    request: GenerationRequest,
    during: (step: number) => void = () => {},
    done: (workers: unknown) => boolean = (workers) => workers === 2,
  ) => {
    for (let tries = 0; tries < 10; tries++) {
      atStep = during;
      looked = await put(request);
      const painted = await finished(looked);
      assert.deepEqual(painted.files, alone.get(request), "the same bytes");
      const steps = stepsOf(painted.events);
      assert.ok(steps.every((step, i) => step > (steps[i - 1] ?? 0)), "each step once");
      if (done(painted.workers)) return painted;
    }
    return assert.fail("nobody came in time");
  };

  const helper = (more: Partial<Parameters<typeof all.join>[0]> = {}) =>
    all.join({ place: 1, models: [TINY], paints: false, ...more });

  await t.step("guidance halves; an aide tells whom it helps, and leaves nothing in Redis", async () => {
    const aide = await helper();
    const seen = new Set<string | null>();
    const { events } = await together(GUIDED, () => seen.add(aide.watch.aiding));
    assert.ok(seen.has(looked), "it says so");
    assert.equal(stepsOf(events).at(-1), 40);
    while (aide.watch.aiding !== null) await pause(5);
    await aide.end();
    assert.deepEqual(await all.left(), []);
  });

  await t.step("windows and regions in latent mode, in both passes", async () => {
    const aide = await helper();
    await together(WINDOWED);
    await aide.end();
  });

  await t.step("whole pictures: steps are counted once, and previews say whose they are", async () => {
    const aide = await helper();
    const { events } = await together(FOUR);
    assert.equal(stepsOf(events).at(-1), 80);
    const shown = events.flatMap((event) => event.type === "PREVIEW" ? [event.picture] : []);
    assert.deepEqual(new Set(shown), new Set([0, 1, 2, 3]));
    assert.ok(shown.some((picture, i) => picture !== Math.floor(i / 20)), "two are painted at once");
    await aide.end();
  });

  const lost: readonly [string, (aide: Fellow) => void][] = [
    ["is killed", ({ exchange }) => exchange.close()],
    ["shuts down", (aide) => void aide.end()],
  ];
  for (const request of [GUIDED, FOUR]) {
    for (const [what, lose] of lost) {
      await t.step(`an aide that ${what} costs no byte of ${request.count ?? 1}`, async () => {
        const aide = await helper();
        let gone = false;
        const leave = () => {
          if (gone || aide.watch.aiding !== looked || Math.random() < 0.8) return;
          gone = true;
          lose(aide);
        };
        const { events } = await together(request, leave, () => gone);
        assert.equal(stepsOf(events).at(-1), (request.count ?? 1) * request.steps);
        await aide.end();
      });
    }
  }

  await t.step("an aide leaves for a picture of its own, and another goes on with what it had", async () => {
    const aide = await helper({ paints: true });
    let other: Promise<string> | undefined;
    const putAnother = (step: number) => {
      if (step > 25 && aide.watch.aiding === looked) other ??= put(GUIDED);
    };
    const { events } = await together(FOUR, putAnother, () => other !== undefined);
    assert.equal(stepsOf(events).at(-1), 80);
    assert.deepEqual((await finished(await other ?? "")).files, alone.get(GUIDED));
    await aide.end();
  });

  await t.step("who has other files does not help, and Redis may be away", async () => {
    const files = {
      find: models.find.bind(models),
      hash: () => Promise.resolve("0".repeat(64)),
      loraHash: models.loraHash.bind(models),
      embeddingHash: models.embeddingHash.bind(models),
    };
    const aide = await helper({ files });
    looked = await put(GUIDED);
    assert.deepEqual(await finished(looked).then(({ files, workers }) => ({ files, workers })), {
      files: alone.get(GUIDED),
      workers: 1,
    });
    await aide.end();
    await helper();
    looked = await put(FOUR);
    atStep = (step) => step === 5 && void all.server.stop();
    assert.deepEqual((await finished(looked)).files, alone.get(FOUR));
  });
  void painter;
});
