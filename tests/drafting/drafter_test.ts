/** Drafts on a thread of their own: what they give, and that no layout can hold the others up. */

import assert from "node:assert/strict";
import { DrafterError, LayoutDrafter } from "../../drafting/drafter.ts";
import { InvalidInputError } from "../../errors.ts";
import type { LayoutSpec } from "../../layout/layout.ts";
import { NO_IMAGES } from "../../layout/masks/mask_image.ts";
import { drawLayout } from "../../layout/picture/picture.ts";
import { drawLayoutSvg } from "../../layout/picture/picture_svg.ts";
import { reportLayout } from "../../layout/report/report.ts";
import { resolveLayout } from "../../layout/resolve/resolve.ts";

function draftOf(spec: LayoutSpec, edge = 64) {
  const resolution = resolveLayout(spec, { maxRegions: 32 });
  assert.ok("layout" in resolution);
  return { layout: resolution.layout, size: { width: edge, height: edge, factor: 8 }, images: NO_IMAGES };
}

const half = { prompt: "fox", geometry: { rectangle: { x: 0, y: 0, width: 0.5, height: 1 } } };
const SMALL = draftOf({ basePrompt: "wood", regions: [half] });
/** Minutes of work: soft ellipses on a large canvas, drawn again for every set of painting regions. */
const ENDLESS = draftOf({
  regions: Array.from({ length: 32 }, () => ({
    prompt: "fox",
    feather: 0.3,
    geometry: { ellipse: { cx: 0.5, cy: 0.5, rx: 0.5, ry: 0.5 } },
  })),
}, 4096);
const ALL = Array.from({ length: 10_000 }, () => ENDLESS.layout.regions.map(() => true));

Deno.test("the thread gives what drawing here gives", async () => {
  using drafter = new LayoutDrafter();
  const { layout, size } = SMALL;
  assert.deepEqual(
    await drafter.report(SMALL, { levels: 4, steps: 20 }),
    reportLayout(layout, size, { levels: 4, steps: 20 }),
  );
  assert.equal(await drafter.svg(SMALL), drawLayoutSvg(layout, 64, 64));
  assert.deepEqual(await drafter.picture(SMALL), new Uint8Array(drawLayout(layout, 64, 64).buffer));
});

Deno.test("a check fails where one of the sets of painting regions leaves holes that are errors", async () => {
  using drafter = new LayoutDrafter();
  const whole = { prompt: "sky", geometry: { rectangle: { x: 0, y: 0, width: 1, height: 1 } } };
  const draft = draftOf({ holes: "ERROR", regions: [half, whole] });
  await drafter.check(draft, [[true, true], [false, true]]);
  await assert.rejects(
    drafter.check(draft, [[true, true], [true, false]]),
    (error) => error instanceof InvalidInputError && error.code === "UNCOVERED" && error.path.join() === "layout,holes",
  );
});

Deno.test("a layout that would take minutes is given up in time, and the next one is drawn", async () => {
  using drafter = new LayoutDrafter({ timeLimitMs: 4000 });
  const [late, next] = await Promise.allSettled([drafter.check(ENDLESS, ALL), drafter.svg(SMALL)]);
  assert.equal(late.status, "rejected");
  assert.ok(late.reason instanceof InvalidInputError && late.reason.code === "INVALID_GEOMETRY");
  assert.match(late.reason.message, /layout: must be drawn within 4 s, got "32 regions on 4096 x 4096 pixels"/);
  assert.equal(next.status, "fulfilled", "its own time counts from its own start");
});

Deno.test("closing ends the thread: open and later calls fail, closing twice is fine", async () => {
  const drafter = new LayoutDrafter();
  await drafter.svg(SMALL);
  const closed = (error: unknown) => error instanceof DrafterError && error.code === "CLOSED";
  const open = [assert.rejects(drafter.check(ENDLESS, ALL), closed), assert.rejects(drafter.svg(SMALL), closed)];
  await Promise.resolve();
  drafter.close();
  drafter.close();
  await Promise.all(open);
  await assert.rejects(drafter.svg(SMALL), closed);
});
