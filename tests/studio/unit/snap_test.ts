/** Edges that jump onto lines, and where names stand. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { labelSpots } from "../../../studio/src/canvas/label_places.ts";
import { linesOf, snapMove, snapResize } from "../../../studio/src/canvas/snap.ts";
import { boxOf, contains } from "../../../studio/src/draft/geometry.ts";

const REACH = { x: 0.02, y: 0.02 };
const share = fc.nat(5000).map((n) => n / 10_000);

Deno.test("a moved box keeps its size, and moves by no more than its reach", () => {
  fc.assert(fc.property(share, share, share, share, (x, y, width, height) => {
    const box = { x, y, width, height };
    const { box: moved, on } = snapMove(box, linesOf([{ x: 0.4, y: 0.1, width: 0.15, height: 0.2 }]), REACH);
    assert.deepEqual([moved.width, moved.height], [width, height]);
    assert.ok(Math.abs(moved.x - x) <= REACH.x && Math.abs(moved.y - y) <= REACH.y);
    if (on.x.length > 0) {
      const ends = [moved.x, moved.x + width / 2, moved.x + width];
      assert.ok(ends.some((end) => Math.abs(end - Number(on.x[0])) < 1e-12));
    }
  }));
});

Deno.test("of a resized box only the edges that moved snap", () => {
  const old = { x: 0.11, y: 0.2, width: 0.3, height: 0.3 };
  const { box, on } = snapResize(old, { ...old, width: 0.38 }, linesOf([]), REACH);
  assert.deepEqual(box, { x: 0.11, y: 0.2, width: 0.39, height: 0.3 });
  assert.deepEqual(on, { x: [0.5], y: [] });
});

Deno.test("a name stands in its own region, and not under one in front", () => {
  const none = () => false;
  const places = [
    { rectangle: { x: 0, y: 0, width: 1, height: 1 } },
    { ellipse: { cx: 0.5, cy: 0.5, rx: 0.2, ry: 0.3 } },
    { polygon: { points: [{ x: 0, y: 0 }, { x: 0.3, y: 0 }, { x: 0, y: 0.9 }] } },
    { words: { of: "fox" } },
  ];
  const spots = labelSpots({ places, cells: [], order: [0, 1, 2, 3] }, none);
  assert.equal(spots[3], null);
  const points = spots.slice(0, 3).map((spot, i) => {
    const place = places[i];
    const box = place && boxOf(place, []);
    assert.ok(spot && box);
    return { x: box.x + spot.x * box.width, y: box.y + spot.y * box.height };
  });
  for (const [i, point] of points.entries()) {
    const holding = places.filter((place) => contains(place, point, [], none));
    assert.equal(holding.at(-1), places[i], `${i} at ${point.x}, ${point.y}`);
  }
});
