/** What waits for clients is bounded: the slowest of them pay. */

import { strict as assert } from "node:assert";
import { HeldBytes } from "../../server/held_bytes.ts";

Deno.test("where there is no more room, whoever has kept bytes waiting longest is cut off", () => {
  const held = new HeldBytes(100);
  const cut: string[] = [];
  const hold = (name: string, bytes: number) => held.hold(bytes, () => cut.push(name));
  hold("idle", 0);
  hold("slow", 40);
  const read = hold("quick", 40);
  read();
  read();
  assert.equal(held.bytes, 40);
  hold("next", 60);
  assert.deepEqual([cut, held.bytes], [[], 100]);
  hold("more", 30);
  assert.deepEqual([cut, held.bytes], [["slow"], 90]);
  hold("huge", 1000);
  assert.deepEqual([cut, held.bytes], [["slow", "next", "more"], 1000]);
});
