/** Real processes that are ended in the middle of a picture; another one goes on with it. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { GenerationEvent } from "../../jobs/events.ts";
import { inWorkshop, LONG, statusesOf } from "./workshop.ts";

const SCRIPT = fileURLToPath(new URL("./painting_worker.ts", import.meta.url));

/** Has a process paint, and sends it a signal after some steps. */
async function paintUntil(folder: string, steps: number, signal: Deno.Signal): Promise<Deno.CommandStatus> {
  const worker = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", SCRIPT, folder],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let text = "", ended = false;
  for await (const chunk of worker.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (ended || text.split("\n").length <= steps) continue;
    worker.kill(signal);
    ended = true;
  }
  return await worker.status;
}

const reasonsOf = (events: readonly GenerationEvent[]) =>
  events.flatMap((event) => event.type === "STATUS" && event.reason !== null ? [event.reason] : []);

for (
  const [signal, attempts, left] of [["SIGKILL", 2, "the worker was lost in attempt 1 of 3"], [
    "SIGTERM",
    1,
    "the worker shut down",
  ]] as const
) {
  Deno.test(`a picture whose process ends by ${signal} is gone on with, to the same bytes`, async () => {
    const folder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
    const { code, signal: by } = await paintUntil(folder, 8, signal);
    assert.deepEqual({ code, by }, signal === "SIGTERM" ? { code: 0, by: null } : { code: 137, by: signal });
    await inWorkshop(
      async ({ store, steps, work, follow }) => {
        const [{ id } = { id: "" }] = (await store.generations.list({ first: 1 })).items;
        assert.deepEqual(await store.checkpoints.ids(), [id]);
        work();
        const events = await follow(id);
        assert.deepEqual(statusesOf(events), ["QUEUED", "RUNNING", "QUEUED", "RUNNING", "RUNNING", "SUCCEEDED"]);
        const [why, on = ""] = reasonsOf(events);
        assert.equal(why, left);
        const [, after = ""] = /^continues after step (\d+) of 40$/.exec(on) ?? [];
        const first = Number(after) + 1;
        assert(first > 4, on);
        assert.deepEqual(steps, Array.from({ length: LONG.steps - first + 1 }, (_, i) => first + i));
        const generation = await store.generations.get(id);
        assert.equal(generation?.attempts, attempts);

        const { generation: whole } = await store.queue.enqueue(LONG);
        await follow(whole.id);
        assert.equal(generation?.image?.sha256, (await store.generations.get(whole.id))?.image?.sha256);
      },
      undefined,
      folder,
    );
  });
}
