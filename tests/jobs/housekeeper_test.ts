/** What is to be done every second is done, whatever else takes long. */

import assert from "node:assert/strict";
import { keepHouse } from "../../jobs/housekeeper.ts";

Deno.test("removing files from a store that does not answer holds up neither expiry nor recovery", async () => {
  const end = new AbortController();
  const { promise: stuck, resolve } = Promise.withResolvers<void>();
  const calls = { expire: 0, recover: 0 };
  const keeping = keepHouse(
    {
      queue: { expire: () => Promise.resolve([`${++calls.expire}`]) },
      retention: { sweep: () => stuck },
      checkpoints: {
        ids: () => Promise.resolve([]),
        latest: () => Promise.resolve(new Map()),
        save: () => Promise.resolve(),
        forget: () => Promise.resolve(),
      },
      generations: { get: () => Promise.resolve(null) },
      work: {
        recover: () => {
          calls.recover++;
          return Promise.resolve({ requeued: [], failed: [], canceled: [] });
        },
      },
    },
    end.signal,
  );
  while (calls.recover < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(calls.expire, 2);
  resolve();
  end.abort();
  await keeping;
});
