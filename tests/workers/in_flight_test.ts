/** Who asks for the same at the same time shares one call, and no longer. */

import assert from "node:assert/strict";
import { InFlight } from "../../workers/in_flight.ts";

Deno.test("who asks meanwhile shares a call; who asks after its end makes another, however it ended", async () => {
  const calls = new InFlight<string, number>();
  let made = 0;
  const once = () => calls.share("a", () => Promise.resolve(++made));
  assert.deepEqual(await Promise.all([once(), once(), calls.share("b", () => Promise.resolve(7))]), [1, 1, 7]);
  assert.equal(await once(), 2);
  const failing = () => calls.share("a", () => Promise.reject(new Error(`${++made}`)));
  const failed = await Promise.allSettled([failing(), failing()]);
  assert.deepEqual(failed.map(({ status }) => status), ["rejected", "rejected"]);
  assert.equal(made, 3);
  assert.equal(await once(), 4);
});
