/** The bell wakes who listens, and forgets who does not. */

import assert from "node:assert/strict";
import { LocalBell } from "../../../store/sql/bell.ts";

Deno.test("a ring between listening and waiting is heard", async () => {
  const bell = new LocalBell();
  using listening = bell.listen("a", []);
  bell.ring("a");
  await listening.heard;
});

Deno.test("a ring of another topic is not heard", async () => {
  const bell = new LocalBell();
  using listening = bell.listen("a", []);
  bell.ring("b");
  const first = await Promise.race([listening.heard.then(() => "heard"), Promise.resolve("silence")]);
  assert.equal(first, "silence");
});

Deno.test("a closed bell and an aborted signal end every wait, begun before or after", async () => {
  const bell = new LocalBell();
  const stop = new AbortController();
  using aborted = bell.listen("a", [new AbortController().signal, stop.signal]);
  stop.abort();
  await aborted.heard;
  using late = bell.listen("a", [stop.signal]);
  await late.heard;

  using open = bell.listen("a", []);
  bell.close();
  await open.heard;
  using closed = bell.listen("b", []);
  await closed.heard;
});

Deno.test("nothing is kept of waits that are over", () => {
  const bell = new LocalBell();
  for (let i = 0; i < 10; i++) {
    using _one = bell.listen("a", [], 60_000);
    using _other = bell.listen("b", []);
    assert.equal(bell.listening, 2);
  }
  assert.equal(bell.listening, 0);
});
