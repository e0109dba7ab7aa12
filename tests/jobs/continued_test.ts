/** Real processes that are ended in the middle of a picture; another one goes on with it. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { GenerationEvent } from "../../jobs/events.ts";
import { openStore } from "../../store/open.ts";
import { inWorkshop, LONG, statusesOf } from "./workshop.ts";

const SCRIPT = fileURLToPath(new URL("./painting_worker.ts", import.meta.url));

/** The data folder of a process that was ended by a signal within a picture. */
async function leftFolder(signal: "SIGKILL" | "SIGTERM"): Promise<string> {
  for (let tries = 0; tries < 5; tries++) {
    const folder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
    const process = new Deno.Command(Deno.execPath(), { args: ["run", "-A", "--no-check", SCRIPT, folder, signal] });
    const { code, signal: by } = await process.output();
    assert.deepEqual([code, by], signal === "SIGTERM" ? [0, null] : [137, signal]);
    const store = await openStore(folder);
    const { items: [generation] } = await store.generations.list({ first: 1 });
    await store.close();
    if (generation?.status === "QUEUED") return folder;
    Deno.removeSync(folder, { recursive: true }); // on a busy machine it may come to the end before it hears a signal
  }
  throw new Error("It always came to the end");
}

const reasonsOf = (events: readonly GenerationEvent[]) =>
  events.flatMap((event) => event.type === "STATUS" && event.reason !== null ? [event.reason] : []);

const ENDS = [
  { signal: "SIGKILL", attempts: 2, left: "the worker was lost in attempt 1 of 3" },
  { signal: "SIGTERM", attempts: 1, left: "the worker shut down" },
] as const;

/** The hash of the picture that nobody interrupted. */
let whole: string | undefined;

for (const { signal, attempts, left } of ENDS) {
  Deno.test(`a picture whose process ends by ${signal} is gone on with, to the same bytes`, async () => {
    const folder = await leftFolder(signal);
    await inWorkshop(
      async ({ store, steps, work, follow }) => {
        const [{ id } = { id: "" }] = (await store.generations.list({ first: 1 })).items;
        assert.deepEqual(await store.checkpoints.ids(), [id]);
        work();
        const events = await follow(id);
        assert.deepEqual(statusesOf(events), ["QUEUED", "RUNNING", "QUEUED", "RUNNING", "RUNNING", "SUCCEEDED"]);
        const [why, on = ""] = reasonsOf(events);
        assert.equal(why, left);
        const [, after = ""] = /^continues after step (\d+) of 24$/.exec(on) ?? [];
        const first = Number(after) + 1;
        assert(first > 1, on);
        assert.deepEqual(steps, Array.from({ length: LONG.steps - first + 1 }, (_, i) => first + i));
        const generation = await store.generations.get(id);
        assert.equal(generation?.attempts, attempts);

        if (whole === undefined) {
          const { generation: { id } } = await store.queue.enqueue(LONG);
          await follow(id);
          whole = (await store.generations.get(id))?.image?.sha256;
        }
        assert.equal(generation?.image?.sha256, whole);
      },
      undefined,
      folder,
    );
  });
}
