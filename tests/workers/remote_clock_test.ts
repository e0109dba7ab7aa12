/** Another machine's clock. */

import assert from "node:assert/strict";
import { lookAhead, RemoteClock } from "../../workers/remote_clock.ts";

Deno.test("the time is the other's, however far its clock is from this one", async () => {
  for (const ahead of [90_000, -90_000, 0]) {
    const read = () => Promise.resolve(Date.now() + ahead);
    using clock = new RemoteClock(read, await lookAhead(read));
    const off = clock.now() - Date.now() - ahead;
    assert.ok(Math.abs(off) <= 5, `${off} ms`);
  }
});

Deno.test("what it takes to ask is halved between the way there and back", async () => {
  const slow = async () => {
    const there = Date.now() + 1000 + 100;
    await new Promise((resolve) => setTimeout(resolve, 200));
    return there;
  };
  const ahead = await lookAhead(slow);
  assert.ok(Math.abs(ahead - 1000) < 50, `${ahead} ms`);
});

Deno.test("who cannot be asked is no clock", async () => {
  await assert.rejects(lookAhead(() => Promise.reject(new Error("away"))), /away/);
});
