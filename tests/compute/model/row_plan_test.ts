/** Rows of the gathered attention: every covered token once per region, nothing else. */

import { strict as assert } from "node:assert";
import fc from "fast-check";
import { planRows } from "../../../compute/model/row_plan.ts";

/** Weight maps with holes, of 1 to 6 regions over 1 to 60 cells. */
const weights = fc.integer({ min: 1, max: 6 }).chain((count) =>
  fc.integer({ min: 1, max: 60 }).chain((cells) =>
    fc.array(fc.constantFrom(0, 0, 0.25, 1), { minLength: count * cells, maxLength: count * cells }).map((data) => ({
      count,
      cells,
      data: Float32Array.from(data),
    }))
  )
).filter(({ data }) => data.some((w) => w > 0));

Deno.test("gathering rows and going back gives every token the sum of its regions", () => {
  fc.assert(fc.property(weights, ({ count, cells, data }) => {
    const { rowCount, places, most, rows, tokens, gain, back } = planRows({ count, cells, data });
    assert.equal(rows.length, rowCount);
    assert.equal(tokens.length, rowCount * places);
    // A region's answer at a token, told apart by region and token.
    const answer = (r: number, token: number) => 1 + r * 1000 + token;
    const attended = gain.map((g, place) => g * answer(rows[Math.floor(place / places)] ?? -1, tokens[place] ?? -1));
    for (let token = 0; token < cells; token++) {
      let expected = 0;
      for (let r = 0; r < count; r++) expected += (data[r * cells + token] ?? 0) * answer(r, token);
      let found = 0;
      for (let k = 0; k < most; k++) found += attended[back[token * most + k] ?? -1] ?? NaN;
      assert.ok(Math.abs(found - expected) < 1e-2, `token ${token}: ${found}, expected ${expected}`);
    }
  }));
});

Deno.test("equal cells cost what one plain picture costs, whatever their number", () => {
  for (const count of [1, 2, 4, 8, 16]) {
    const cells = 256;
    const data = new Float32Array(count * cells);
    for (let cell = 0; cell < cells; cell++) data[Math.floor(cell / (cells / count)) * cells + cell] = 1;
    const { rowCount, places, most } = planRows({ count, cells, data });
    assert.deepEqual([rowCount * places, most], [cells, 1]);
  }
});

Deno.test("a region that covers more than others is split into rows rather than padding theirs", () => {
  const cells = 400;
  const data = new Float32Array(5 * cells);
  data.fill(0.2, 0, cells); // the base prompt, everywhere
  for (let cell = 0; cell < cells; cell++) data[(1 + Math.floor(cell / 100)) * cells + cell] = 0.8;
  const { rowCount, places, most } = planRows({ count: 5, cells, data });
  assert.deepEqual([rowCount * places, most], [2 * cells, 2]);
});
