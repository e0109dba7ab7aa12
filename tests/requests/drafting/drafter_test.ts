/** Drafts on a thread of their own: what they give, and that no layout can hold the others up. */

import assert from "node:assert/strict";
import { DrafterError, LayoutDrafter } from "../../../requests/drafting/drafter.ts";
import { InvalidInputError } from "../../../errors.ts";
import { encodeImage } from "../../../image/encode.ts";
import type { LayoutSpec } from "../../../layout/layout.ts";
import { NO_IMAGES } from "../../../layout/masks/mask_image.ts";
import { drawLayout } from "../../../layout/picture/picture.ts";
import { drawLayoutSvg } from "../../../layout/picture/picture_svg.ts";
import { reportLayout } from "../../../layout/report/report.ts";
import { resolveLayout } from "../../../layout/resolve/resolve.ts";
import { BusyError } from "../../../workers/fair_queue.ts";
import { BudgetExceededError, WorkBudget } from "../../../workers/work_budget.ts";

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
  const data = new Uint8Array(drawLayout(layout, 64, 64).buffer);
  for (const format of ["PNG", "JPEG", "WEBP"] as const) {
    assert.deepEqual(
      await drafter.picture(SMALL, format),
      await encodeImage({ width: 64, height: 64, channels: 4, data }, format),
    );
  }
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

Deno.test("who leaves frees the drafter: what waits is dropped at once, what is being drawn is ended", async () => {
  using drafter = new LayoutDrafter();
  await drafter.svg(SMALL, { lane: "a" }); // the thread is there
  const left = new AbortController();
  const done: string[] = [];
  const drafts = Array.from(
    { length: 48 },
    (_, i) =>
      drafter.check(ENDLESS, ALL, { lane: "a", signal: left.signal }).catch((error) => {
        assert.equal(error, left.signal.reason);
        done.push(i === 0 ? "drawn" : "waited");
      }),
  );
  const next = drafter.svg(SMALL, { lane: "a" }).then(() => done.push("next"));
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.deepEqual(done, []);
  left.abort(new Error("the client left"));
  await Promise.all([...drafts, next]); // ENDLESS alone would take its 20 s, 48 times
  assert.deepEqual(done, [...new Array(47).fill("waited"), "drawn", "next"]);
});

Deno.test("another caller's draft does not wait for a long one", async () => {
  using drafter = new LayoutDrafter();
  const left = new AbortController();
  const long = assert.rejects(drafter.check(ENDLESS, ALL, { lane: "a", signal: left.signal }));
  await drafter.svg(SMALL, { lane: "b" });
  left.abort();
  await long;
});

Deno.test("however many drafts some callers have waiting, another's comes after one of each", async () => {
  using drafter = new LayoutDrafter();
  const order: string[] = [];
  const ask = (lane: string) => drafter.svg(SMALL, { lane }).then(() => order.push(lane));
  const many = ["a", "b"].flatMap((lane) => Array.from({ length: 48 }, () => ask(lane)));
  await Promise.all([...many, ask("c")]);
  assert.ok(order.indexOf("c") <= 5, order.join(" "));
});

Deno.test("the drafts of one budget are refused once it is spent, with the budget's name", async () => {
  using drafter = new LayoutDrafter();
  const limits = { drafts: 3, pixels: 1e9, milliseconds: 1e6, characters: 0 };
  const budget = new WorkBudget(limits);
  const turn = { lane: "a", budget };
  const spent = (of: string) => (error: unknown) => error instanceof BudgetExceededError && error.budget === of;
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => drafter.svg(SMALL, turn)));
  assert.deepEqual(outcomes.map(({ status }) => status), ["fulfilled", "fulfilled", "fulfilled", "rejected"]);
  await assert.rejects(drafter.svg(SMALL, turn), spent("drafts"));

  const pixels = new WorkBudget({ ...limits, pixels: 64 * 64 });
  await drafter.picture(SMALL, "PNG", { lane: "a", budget: pixels });
  await drafter.svg(SMALL, { lane: "a", budget: pixels });
  await assert.rejects(drafter.picture(SMALL, "PNG", { lane: "a", budget: pixels }), spent("pixels"));

  const time = new WorkBudget({ ...limits, milliseconds: 500 });
  await assert.rejects(drafter.check(ENDLESS, ALL, { lane: "a", budget: time }), spent("milliseconds"));
  await assert.rejects(drafter.svg(SMALL, { lane: "a", budget: time }), spent("milliseconds"));
  await drafter.svg(SMALL, { lane: "a" });
});

Deno.test("a caller with too many drafts waiting is told to come again; others are not", async () => {
  using drafter = new LayoutDrafter();
  const drafts = Array.from({ length: 140 }, () => drafter.svg(SMALL, { lane: "a" }));
  const other = drafter.svg(SMALL, { lane: "b" });
  const outcomes = await Promise.allSettled(drafts);
  const refused = outcomes.flatMap((outcome) => outcome.status === "rejected" ? [outcome.reason] : []);
  assert.equal(refused.length, 140 - 1 - 128);
  assert.ok(refused.every((error) => error instanceof BusyError && error.retryAfterMs > 0 && error.whose === "CALLER"));
  await other;
});
