/** When a picture is expected, as its generation tells. */

import assert from "node:assert/strict";
import { etaMs } from "../../schema/generation/eta.ts";

Deno.test("while it waits the forecast tells", async () => {
  const forecast = { endMs: (id: string) => Promise.resolve(id === "a" ? 5000 : null) };
  assert.equal(await etaMs({ id: "a", status: "QUEUED", etaMs: null }, { forecast }), 5000);
  assert.equal(await etaMs({ id: "b", status: "QUEUED", etaMs: null }, { forecast }), null);
});

Deno.test("while it is painted its record tells, and nobody is asked", async () => {
  const nobody = { endMs: () => Promise.reject(new Error("not asked")) };
  assert.equal(await etaMs({ id: "a", status: "RUNNING", etaMs: 7 }, { forecast: nobody }), 7);
});
