/** Memory is what the machine has, or the container's limit. */

import { strict as assert } from "node:assert";
import { lowerOf, machineMemory } from "../../server/machine_memory.ts";

Deno.test("a limit counts where it is lower than what the machine has, and where there is one", () => {
  assert.equal(lowerOf(8, 2), 2);
  assert.equal(lowerOf(8, 2 ** 63), 8);
  assert.equal(lowerOf(8, 0), 8);
  assert(machineMemory() > 0 && machineMemory() <= Deno.systemMemoryInfo().total);
});
