/** What every backend that keeps checkpoints does. */

import assert from "node:assert/strict";
import type { Checkpoints } from "../../jobs/checkpoints.ts";

/** Checkpoints on storage of their own. */
export interface CheckpointsBackend extends AsyncDisposable {
  readonly checkpoints: Checkpoints;
}

const ID = "019ab000-0000-7000-8000-000000000001", OTHER = "019ab000-0000-7000-8000-000000000002";
const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Registers the suite for one backend. */
export function checkpointsConformance(name: string, open: () => Promise<CheckpointsBackend>): void {
  const test = (claim: string, body: (checkpoints: Checkpoints) => Promise<void>) =>
    Deno.test(`${name} checkpoints: ${claim}`, async () => {
      await using backend = await open();
      await body(backend.checkpoints);
    });

  const read = async (checkpoints: Checkpoints, id = ID) =>
    Object.fromEntries(
      [...await checkpoints.latest(id)].map(([name, bytes]) => [name, new TextDecoder().decode(bytes)]),
    );

  test("what was saved is there under its name, and the latest of each name only", async (checkpoints) => {
    assert.deepEqual(await read(checkpoints), {});
    await checkpoints.save(ID, 3, "state", bytesOf("one"));
    await checkpoints.save(ID, 3, "picture-0", bytesOf("a picture"));
    await checkpoints.save(ID, 3, "state", bytesOf("two"));
    await checkpoints.save(OTHER, 4, "state", bytesOf("another's"));
    assert.deepEqual(await read(checkpoints), { "state": "two", "picture-0": "a picture" });
    await checkpoints.save(ID, 5, "state", bytesOf("three"));
    assert.deepEqual(await read(checkpoints), { "state": "three", "picture-0": "a picture" });
  });

  test("a worker that has lost its lease changes nothing that its successor kept", async (checkpoints) => {
    await checkpoints.save(ID, 9, "state", bytesOf("old"));
    await checkpoints.save(ID, 10, "state", bytesOf("new"));
    await checkpoints.save(ID, 9, "state", bytesOf("late"));
    assert.deepEqual(await read(checkpoints), { state: "new" });
  });

  test("what is forgotten is gone, and the others stay", async (checkpoints) => {
    await checkpoints.save(ID, 1, "state", bytesOf("one"));
    await checkpoints.save(OTHER, 2, "state", bytesOf("two"));
    assert.deepEqual([...await checkpoints.ids()].sort(), [ID, OTHER]);
    await checkpoints.forget(ID);
    await checkpoints.forget(ID);
    assert.deepEqual(await read(checkpoints), {});
    assert.deepEqual(await checkpoints.ids(), [OTHER]);
    assert.deepEqual(await read(checkpoints, OTHER), { state: "two" });
  });

  test("bytes come back as they are, many and none", async (checkpoints) => {
    const many = Uint8Array.from({ length: 3_000_001 }, (_, i) => i * 7 + (i >> 8));
    await checkpoints.save(ID, 1, "state", many);
    await checkpoints.save(ID, 1, "picture-12", new Uint8Array());
    const kept = await checkpoints.latest(ID);
    assert.ok(kept.get("state")?.every((byte, i) => byte === many[i]));
    assert.deepEqual([kept.get("state")?.length, kept.get("picture-12")?.length], [many.length, 0]);
  });

  test("two names that are saved at once are both kept", async (checkpoints) => {
    await Promise.all(
      ["state", "picture-0", "picture-1"].map((name) => checkpoints.save(ID, 1, name, bytesOf(name))),
    );
    assert.deepEqual(await read(checkpoints), { "state": "state", "picture-0": "picture-0", "picture-1": "picture-1" });
  });
}
